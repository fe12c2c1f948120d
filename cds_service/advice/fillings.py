"""The values of a card's placeholders (``advice.placeholders``), and a summary that stays under 140 characters."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from cds_service.advice.dates import day
from cds_service.advice.detail_facts import missing_for_tocilizumab, some
from cds_service.advice.doses import half_previous_dose
from cds_service.advice.library import Row
from cds_service.advice.markdown import escape, for_summary
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import bounded, count_plain, spelled_out
from cds_service.clinical.exposure import Use
from cds_service.clinical.findings import Finding
from cds_service.clinical.series import Count
from cds_service.codes.labs import ANALYTES

SUMMARY_LIMIT = 140
"""A summary is shorter than this: https://cds-hooks.hl7.org/2.0/#card-attributes"""

_LONGEST = {"list": 51, "reason": 46, "drug": 40, "other": 40}
"""The lengths ``advice.placeholders`` allows for; no template is longer than a summary with them."""
_USUAL, _IN_DETAIL, _MOST_LISTED = 40, 200, 4
_NOT_KNOWN = "not known"


class Fillings:
    """Placeholder name -> plain text, worked out when asked for (a template's ``Values``).

    ``get`` leaves out what the record does not hold. A value that a row is promised and does not get is a fault of
    ours; the card then says "not known", since a card with a gap is worth more than none.
    """

    def __init__(self, finding: Finding, occasion: Occasion) -> None:
        self._finding, self._occasion = finding, occasion

    def get(self, name: str) -> str | None:
        return _value(name, self._finding, self._occasion) or None

    def __getitem__(self, name: str) -> str:
        return self.get(name) or _NOT_KNOWN


class ForMarkdown:
    """The same values, fit for the detail: a limit in words ("0.4 or less"), text from the record escaped."""

    def __init__(self, plain: Fillings) -> None:
        self._plain = plain

    def get(self, name: str) -> str | None:
        value = self._plain.get(name)
        return escape(spelled_out(value), _IN_DETAIL) if value else None

    def __getitem__(self, name: str) -> str:
        return self.get(name) or _NOT_KNOWN


def summary(row: Row, values: Fillings) -> str:
    """The first line: under 140 characters, printable, nothing that could be read as a tag.

    A long list is cut, and a reason loses what it has in brackets; the detail gives both in full.
    """
    raw = {name: value for name in row.summary.optional if (value := values.get(name))}
    raw |= {name: values[name] for name in row.summary.required}
    safe = {name: for_summary(value, _LONGEST.get(name, _USUAL)) for name, value in raw.items()}
    if "list" in safe and len(raw["list"]) > _LONGEST["list"]:
        safe["list"] = for_summary(some(raw["list"].split(", "), _MOST_LISTED), _LONGEST["list"])
    if "reason" in safe:
        safe["reason"] = for_summary(raw["reason"].partition(" (")[0], _LONGEST["reason"])
    text = row.summary.fill(safe)
    return text if len(text) < SUMMARY_LIMIT else for_summary(text, SUMMARY_LIMIT - 1)


def _value(name: str, finding: Finding, occasion: Occasion) -> str:
    """ "" where there is none."""
    if name in finding.facts:
        return _fact(name, finding, occasion)
    read = _READ.get(name)
    return read(finding, occasion) if read else ""


def _fact(name: str, finding: Finding, occasion: Occasion) -> str:
    fact = finding.facts[name]
    if isinstance(fact, Decimal):
        return bounded(fact, name, occasion.limits)
    if isinstance(fact, tuple):
        return ", ".join(ANALYTES[each].words if each in ANALYTES else each for each in fact)
    return fact


def _count(count: Count | None, occasion: Occasion) -> str:
    return count_plain(count, occasion.limits) if count is not None else ""


def _previous(_: Finding, occasion: Occasion) -> str:
    counts = occasion.picture.counts
    return _count(counts[-2], occasion) if len(counts) > 1 else ""


def _date(_: Finding, occasion: Occasion) -> str:
    latest = occasion.picture.latest
    return day(latest.when, occasion.zone) if latest is not None else ""


def _hold_date(_: Finding, occasion: Occasion) -> str:
    anakinra = occasion.picture.anakinra
    held = anakinra.current if anakinra.use is Use.HELD else None
    return day(held.end, occasion.zone) if held is not None and held.end is not None else ""


_READ: Mapping[str, Callable[[Finding, Occasion], str]] = {
    "anc": lambda _, occasion: _count(occasion.picture.latest, occasion),
    "previous": _previous,
    "date": _date,
    "hold_date": _hold_date,
    "nadir": lambda _, occasion: _count(occasion.picture.history.nadir, occasion),
    "drug": lambda finding, _: finding.drug,
    "list": lambda finding, occasion: (
        ", ".join(missing_for_tocilizumab(finding, occasion)) if finding.row == "OT2" else ""
    ),
    "half_dose": lambda _, occasion: half_previous_dose(occasion.picture),
}
