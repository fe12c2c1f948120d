"""Numbers as they may be printed: short, but never rounded onto or across a limit that a rule compares with.

1.499 must not read "1.5", nor 0.996 "1.0": then the digits stay.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import Final

from cds_service.clinical.record import Result
from cds_service.clinical.scales import CTCAE_BOUNDS
from cds_service.clinical.series import Count
from cds_service.clinical.thresholds import Thresholds

CELLS: Final = "x10\N{SUPERSCRIPT NINE}/L"

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "platelets": CELLS,
        "hemoglobin": "g/dL",
        "ferritin": "ug/L",
        "alt": "U/L",
        "ast": "U/L",
        "triglycerides": "mg/dL",
        "fibrinogen": "mg/dL",
        "egfr": "mL/min/1.73m2",
        "temperature": "\N{DEGREE SIGN}C",
        "weight": "kg",
    }
)
"""The unit of each analyte a card prints, as ``codes.labs`` has it, in a clinician's spelling."""

_WORDS: Final = {"<": "below {}", "<=": "{} or less", ">": "above {}", ">=": "{} or more"}
_ANC_LIMITS: Final = ("anc_critical", "anc_very_low", "anc_low", "anc_recovered", "steep_fall_below")
_LIMITS: Final[Mapping[str, tuple[str, ...]]] = {
    "platelets": ("mas_platelets_at_most", "second_line_platelets_below", "platelets_start_below"),
    "ferritin": ("mas_ferritin_above",),
    "ast": ("mas_ast_above",),
    "triglycerides": ("mas_triglycerides_above",),
    "fibrinogen": ("mas_fibrinogen_at_most",),
    "egfr": ("egfr_below",),
    "temperature": ("fever_twice", "fever_once"),
    "weight": ("tocilizumab_weight_step",),
    "ratio": ("liver_start_above", "liver_hold_above"),
}


def figure(value: Decimal, bounds: Iterable[Decimal] = (), places: int = 2, least: int = 0) -> str:
    """At most ``places`` decimals, more where fewer would change how the value compares with a bound."""
    shown = round(value, places)
    if shown != value:
        shown = _kept_apart(value, tuple(bounds), places)
    whole, _, decimals = f"{shown:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole


def _kept_apart(value: Decimal, bounds: tuple[Decimal, ...], places: int) -> Decimal:
    shown = round(value, places)
    while shown != value and any(_side(shown, bound) != _side(value, bound) for bound in bounds):
        places += 1
        shown = round(value, places)
    return shown


def _side(value: Decimal, bound: Decimal) -> int:
    return (value > bound) - (value < bound)


def bounded(value: Decimal, analyte: str, limits: Thresholds) -> str:
    """``figure`` to one decimal, with the limits of its analyte (or of "ratio", a multiple of the upper limit)."""
    return figure(value, (getattr(limits, name) for name in _LIMITS.get(analyte, ())), places=1)


def count_figure(count: Count, limits: Thresholds) -> str:
    """The bare number of a neutrophil count: "0.96", "1.0"."""
    bounds = chain(CTCAE_BOUNDS, (getattr(limits, name) for name in _ANC_LIMITS))
    return figure(count.value, bounds, least=1)


def count_plain(count: Count, limits: Thresholds) -> str:
    """For a summary: "0.96", "<= 0.4"."""
    number = count_figure(count, limits)
    return f"{count.comparator} {number}" if count.comparator else number


def count_words(count: Count, limits: Thresholds) -> str:
    """For Markdown, where "<" is best avoided: "0.96", "0.4 or less"."""
    return in_words(count.comparator, count_figure(count, limits))


def spelled_out(plain: str) -> str:
    """ "0.4 or less" from "<= 0.4"; any other text as it is."""
    sign, _, number = plain.partition(" ")
    return in_words(sign, number) if sign in _WORDS else plain


def in_words(comparator: str, number: str) -> str:
    return _WORDS[comparator].format(number) if comparator in _WORDS else number


def result_words(result: Result, limits: Thresholds) -> str:
    """A laboratory or bedside value with its unit: "2400 ug/L", "below 20 U/L"; "no value" without one."""
    if result.value is None:
        return "no value"
    number = in_words(result.comparator, bounded(result.value, result.analyte, limits))
    return f"{number} {UNITS[result.analyte]}" if result.analyte in UNITS else number
