"""The values of a card's placeholders (``advice.placeholders``), and a summary that stays under 140 characters."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from cds_service.advice.dates import day
from cds_service.advice.detail_facts import missing_for_tocilizumab, some
from cds_service.advice.doses import half_previous_dose
from cds_service.advice.library import Row
from cds_service.advice.markdown import escape, for_summary
from cds_service.advice.occasion import Occasion
from cds_service.advice.reasons import mas_basis, recovered_below_start, unrecorded, unwell
from cds_service.advice.values import bounded, count_plain, spelled_out
from cds_service.clinical.exposure import Use
from cds_service.clinical.findings import Finding
from cds_service.clinical.series import Count
from cds_service.codes.labs import ANALYTES

SUMMARY_LIMIT = 140
"""A summary is shorter than this: https://cds-hooks.hl7.org/2.0/#card-attributes"""

_LONGEST = {"list": 51, "reason": 66, "drug": 40, "other": 27}
"""The lengths ``advice.placeholders`` allows for; no template is longer than a summary with them."""
_IN_DETAIL, _MOST_LISTED = 200, 4
_FROM_RECORD = frozenset(_LONGEST)
"""The values that may hold a text of the record; all others are numbers, dates and words of ours."""
_NOT_KNOWN = "not known"


class Fillings:
    """Placeholder name -> plain text, worked out when asked for (a template's ``Values``).

    ``get`` leaves out what the record does not hold. A value that a row is promised and does not get is a fault of
    ours; the card then says "not known", since a card with a gap is worth more than none.
    """

    def __init__(self, finding: Finding, occasion: Occasion, offered: Mapping[str, str] = MappingProxyType({})) -> None:
        """``offered``: the placeholders that say what the suggestions hold."""
        self._finding, self._occasion, self._offered = finding, occasion, offered

    def get(self, name: str) -> str | None:
        return self._offered.get(name) or _value(name, self._finding, self._occasion) or None

    def __getitem__(self, name: str) -> str:
        return self.get(name) or _NOT_KNOWN


class ForMarkdown:
    """The same values, fit for the detail: a limit in words ("0.4 or less"), text from the record escaped."""

    def __init__(self, plain: Fillings) -> None:
        self._plain = plain

    def get(self, name: str) -> str | None:
        value = self._plain.get(name)
        if not value:
            return None
        return escape(value, _IN_DETAIL) if name in _FROM_RECORD else spelled_out(value)

    def __getitem__(self, name: str) -> str:
        return self.get(name) or _NOT_KNOWN


class ForSummary:
    """The same values, fit for a summary: text from the record is cut and holds nothing that could be read as a tag."""

    def __init__(self, plain: Fillings) -> None:
        self._plain = plain

    def get(self, name: str) -> str | None:
        value = self._plain.get(name)
        return _cut(name, value) if value and name in _FROM_RECORD else value

    def __getitem__(self, name: str) -> str:
        return self.get(name) or _NOT_KNOWN


def summary(row: Row, values: Fillings) -> str:
    """The first line: under 140 characters. What is cut in it stands in full in the detail."""
    text = row.summary.fill(ForSummary(values))
    return text if len(text) < SUMMARY_LIMIT else for_summary(text, SUMMARY_LIMIT - 1)


def _cut(name: str, value: str) -> str:
    """A long list names its first few, many drugs the first and how many more; a reason loses its brackets."""
    if name == "list" and len(value) > _LONGEST[name]:
        value = some(value.split(", "), _MOST_LISTED)
    if name in ("drug", "other") and len(value) > _LONGEST[name]:
        value = some(value.split(" and "), 2)
    if name == "reason":
        value = value.partition(" (")[0]
    return for_summary(value, _LONGEST[name])


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
    return day(latest.when) if latest is not None else ""


def _hold_date(_: Finding, occasion: Occasion) -> str:
    anakinra = occasion.picture.anakinra
    held = anakinra.current if anakinra.use is Use.HELD else None
    return day(held.end) if held is not None and held.end is not None else ""


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
    "below_start": lambda _, occasion: recovered_below_start(occasion),
    "unrecorded": lambda _, occasion: unrecorded(occasion),
    "unwell": lambda _, occasion: unwell(occasion),
    "mas_basis": lambda _, occasion: mas_basis(occasion),
    "half_dose": lambda _, occasion: half_previous_dose(occasion.picture),
}
