"""The values of a card's placeholders (``advice.placeholders``), and a summary that stays under 140 characters."""

from collections.abc import Mapping
from decimal import Decimal

from cds_service.advice.dates import day
from cds_service.advice.detail_facts import some
from cds_service.advice.doses import half_previous_dose
from cds_service.advice.library import Row
from cds_service.advice.markdown import escape, for_summary
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import bounded, count_plain
from cds_service.clinical.exposure import Use
from cds_service.clinical.findings import Finding
from cds_service.clinical.neutrophils import Anc
from cds_service.clinical.state import missing_start_labs
from cds_service.codes.labs import ANALYTES

SUMMARY_LIMIT = 140
"""A summary is shorter than this: https://cds-hooks.hl7.org/2.0/#card-attributes"""

_FREE = ("list", "reason", "drug", "other")
_LONGEST = {"list": 51, "reason": 46, "drug": 40, "other": 40}
"""What is cut where a summary would be too long; the lengths ``advice.placeholders`` allows for."""


def fillings(finding: Finding, occasion: Occasion) -> dict[str, str]:
    """Placeholder name -> value, plain text; absent where the record has none."""
    picture, limits = occasion.picture, occasion.limits
    values: dict[str, str] = {}
    latest, nadir = picture.latest, picture.history.nadir
    if latest is not None:
        values["anc"] = count_plain(latest, limits)
        values["date"] = day(latest.when, occasion.zone)
    if len(picture.counts) > 1:
        values["previous"] = count_plain(picture.counts[-2], limits)
    if nadir is not None:
        values["nadir"] = count_plain(nadir, limits)
    held = picture.anakinra.current if picture.anakinra.use is Use.HELD else None
    if held is not None and held.end is not None:
        values["hold_date"] = day(held.end, occasion.zone)
    if finding.drug:
        values["drug"] = finding.drug
    if half := half_previous_dose(picture):
        values["half_dose"] = half
    if finding.row == "OT2":
        values["list"] = ", ".join(missing_for_tocilizumab(finding, occasion))
    values.update(_facts(finding, occasion))
    return values


def _facts(finding: Finding, occasion: Occasion) -> Mapping[str, str]:
    """The facts of an overlay, as text."""
    found: dict[str, str] = {}
    for name, fact in finding.facts.items():
        if isinstance(fact, Decimal):
            found[name] = bounded(fact, name, occasion.limits)
        elif isinstance(fact, tuple):
            found[name] = ", ".join(ANALYTES[each].words if each in ANALYTES else each for each in fact)
        else:
            found[name] = fact
    return found


def missing_for_tocilizumab(finding: Finding, occasion: Occasion) -> tuple[str, ...]:
    """What row OT2 asks for: a neutrophil count that is current (and later than a hold), platelets, ALT/AST."""
    state, picture = finding.state, occasion.picture
    unrechecked = picture.anakinra.use is Use.HELD and not picture.count_since_hold
    no_count = state is None or state.anc in (Anc.NONE, Anc.STALE) or unrechecked
    return (("ANC",) if no_count else ()) + missing_start_labs(picture)


def summary(row: Row, values: Mapping[str, str]) -> str:
    """The first line: under 140 characters, printable, nothing that could be read as a tag."""
    safe = {name: for_summary(value, _LONGEST.get(name, 40)) for name, value in values.items() if value}
    if "list" in safe and len(values["list"]) > _LONGEST["list"]:
        safe["list"] = for_summary(some(values["list"].split(", "), most=4), _LONGEST["list"])
    text = row.summary.fill(safe)
    for name in _FREE:
        over = len(text) - SUMMARY_LIMIT + 1
        if over > 0 and name in safe:
            safe[name] = for_summary(safe[name], max(1, len(safe[name]) - over))
            text = row.summary.fill(safe)
    return for_summary(text, SUMMARY_LIMIT - 1)


def for_markdown(values: Mapping[str, str]) -> dict[str, str]:
    """The same values for the detail."""
    return {name: escape(value, 200) for name, value in values.items()}
