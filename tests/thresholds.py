"""The thresholds a test works with: those of the shipped profiles, loaded once."""

from functools import cache
from pathlib import Path

from cds_service.advice.profile import load_profile
from cds_service.clinical.thresholds import Thresholds

_CARDS = Path(__file__).parent.parent / "cards"


@cache
def us_thresholds() -> Thresholds:
    return load_profile(_CARDS, "us").thresholds


@cache
def eu_thresholds() -> Thresholds:
    return load_profile(_CARDS, "eu").thresholds
