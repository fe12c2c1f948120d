"""Fever: yes, or not known. No recorded temperature does not mean afebrile.

Limits: IDSA, oncology-derived (38.3 Cel once, 38.0 Cel sustained for an hour).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from cds_service.clinical.labs import Labs
from cds_service.clinical.record import Condition, Result
from cds_service.clinical.thresholds import Thresholds


class Fever(NamedTuple):
    """``yes`` with the sources that show it; otherwise not known, with the temperatures that were seen."""

    yes: bool
    sources: tuple[str, ...] = ()
    temperatures: tuple[Result, ...] = ()
    coded: bool = False


def fever_of(labs: Labs, conditions: Iterable[Condition], now: datetime, limits: Thresholds) -> Fever:
    """Fever within the last day by temperature, or within two days by an active condition."""
    temperatures = tuple(
        each for each in labs.within("temperature", limits.fever_temperatures) if not each.comparator.startswith("<")
    )
    shown = _shown_by(temperatures, limits)
    if shown:
        return Fever(True, tuple(each.source for each in shown), temperatures)
    coded = tuple(each.source for each in conditions if _coded_fever(each, now, limits))
    return Fever(bool(coded), coded, temperatures, coded=bool(coded))


def _shown_by(temperatures: tuple[Result, ...], limits: Thresholds) -> tuple[Result, ...]:
    high = [each for each in temperatures if each.value is not None and each.value >= limits.fever_once]
    if high:
        return (high[-1],)
    raised = [each for each in temperatures if each.value is not None and each.value >= limits.fever_twice]
    first, last = raised[:1], raised[-1:]
    if first and first[0].when and last[0].when:
        apart = last[0].when.at - first[0].when.at
        return (first[0], last[0]) if apart >= limits.fever_twice_apart else ()
    return ()


def _coded_fever(condition: Condition, now: datetime, limits: Thresholds) -> bool:
    since = condition.recorded or condition.onset
    return (
        condition.active
        and bool(condition.kinds & {"fever", "febrile-neutropenia"})
        and since is not None
        and now - since.at <= limits.fever_condition
    )
