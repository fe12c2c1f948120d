"""What the clinical core answers, in the words the tables use."""

from functools import cache
from pathlib import Path

from cds_service.advice.library import Library, load_library
from cds_service.advice.profile import load_profile
from cds_service.clinical.assess import Assessment, assess
from cds_service.clinical.findings import Answer, Finding
from cds_service.clinical.intervals import Ended, Interval
from cds_service.clinical.overlays import OVERLAYS
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Record, When
from cds_service.clinical.scene import Hook
from cds_service.clinical.thresholds import Thresholds

from .moments import NOW

CARDS = Path(__file__).parents[2] / "cards"
OVERLAY_IDS = frozenset(overlay.id for overlay in OVERLAYS)


@cache
def limits(profile: str = "us") -> Thresholds:
    return load_profile(CARDS, profile).thresholds


@cache
def library() -> Library:
    return load_library(CARDS)


def picture_of(record: Record, profile: str = "us") -> Picture:
    return Picture(record, NOW, limits(profile))


def assessed(record: Record, hook: Hook | None = None, profile: str = "us") -> Assessment:
    """The assessment at a hook: by default order-select where something is drafted, else patient-view."""
    return assess(record, hook or (Hook.SELECT if record.drafts else Hook.VIEW), NOW, limits(profile))


def base_answer(assessment: Assessment, also: tuple[str, ...] = ()) -> list[str]:
    """Sorted: "PV9 warning hold-anakinra" for a card, "PV5 no card" for a silent row; just "NA info" for row NA.

    Overlays are left out, but for those in ``also``.
    """
    shown = [_said(each) for each in assessment.findings if each.row not in OVERLAY_IDS or each.row in also]
    silent = [
        f"{each.rule} no card"
        for each in assessment.outcomes
        if each.rule not in OVERLAY_IDS and each.answer is Answer.CLEAR
    ]
    not_assessed = any(each.row == "NA" for each in assessment.findings)
    return sorted(shown if not_assessed else shown + silent) or ["nothing asked"]


def _said(finding: Finding) -> str:
    _, row = library().row(finding.row, finding.variant)
    said = f"{finding.row} {row.indicator}"
    return said if finding.row == "NA" else f"{said} {finding.code}"


def overlay_answer(assessment: Assessment, rule: str) -> str:
    """found, clear, not evaluated, or not applicable; a finding and its outcome must agree."""
    outcome = next(each for each in assessment.outcomes if each.rule == rule)
    assert (outcome.answer is Answer.FINDING) == any(each.row == rule for each in assessment.findings)
    if outcome.answer is Answer.CLEAR and outcome.reason.startswith("not applicable"):
        return "not applicable"
    return {Answer.FINDING: "found", Answer.CLEAR: "clear", Answer.NOT_EVALUATED: "not evaluated"}[outcome.answer]


def interval_words(interval: Interval) -> str:
    """ "day -40 to day -5 stopped", "day -30 (about) to open"."""
    start = _day(interval.start, about=interval.start_approximate)
    if interval.ended is Ended.OPEN:
        return f"{start} to open{', end date passed' if interval.end_date_passed else ''}"
    how = "on-hold" if interval.ended is Ended.HOLD else "stopped"
    return f"{start} to {_day(interval.end, about=interval.end_approximate)} {how}"


def _day(when: When | None, *, about: bool) -> str:
    if when is None:
        return "unknown"
    return f"day {(when.day - NOW.date()).days}{' (about)' if about else ''}"


def listed(cell: str) -> list[str]:
    """The items of an expected answer, sorted."""
    return sorted(item.strip() for item in cell.split(";") if item.strip())
