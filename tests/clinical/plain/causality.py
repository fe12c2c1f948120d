"""Proposed causality of each low run: section 9."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cds_service.clinical.record import Condition, Record, When

from .counts import Count, is_low
from .episodes import Run, before_the_first_dose, episodes_of, first_dose, in_it, runs_of
from .exposure import HOLD, OPEN, Interval, piece_of
from .times import at_least_days_later, at_most_days_later, later

GCSF = ("filgrastim", "pegfilgrastim", "sargramostim")
CAN_LOWER_NEUTROPHILS = ("methotrexate", "clozapine", "tocilizumab")
"""Of the drugs the made-up patients take: the listed confounders, and tocilizumab by its label."""

CHRONOLOGY = {
    "suggestive": {"R+": "C3", "R0": "C2", "R-": "C1"},
    "inconclusive": {"R+": "C3", "R0": "C1", "R-": "C1"},
    "not suggestive": {"R+": "C1", "R0": "C1", "R-": "C1"},
}
"""The column of a compatible delay."""


@dataclass
class Proposal:
    """What is proposed for one run."""

    onset: When
    delay: str
    stopping: str
    again: str
    inferred: bool
    score: str
    naranjo: int


def proposals_of(record: Record, intervals: list[Interval], counts: list[Count], now: datetime) -> list[Proposal]:
    """One for each episode and for each run that was low before the first dose, earliest first."""
    found = []
    earlier: list[Run] = []
    for run in runs_of(counts):
        for episode in episodes_of(counts, intervals):
            if episode.onset == run.onset:
                run.exposure = episode.exposure
        if run.exposure is None and not before_the_first_dose(run, intervals):
            continue
        compatible = run.exposure is not None
        stopping, again, inferred = "inconclusive", "R0", False
        if compatible:
            stopping = _stopping(record, run, intervals, now)
            again, inferred = _again(record, run, intervals, counts)
        other_cause = _other_cause(record, run, intervals, now)
        chronology = CHRONOLOGY[stopping][again] if compatible else "C0"
        found.append(
            Proposal(
                onset=run.onset,
                delay="compatible" if compatible else "incompatible",
                stopping=stopping,
                again=again,
                inferred=inferred,
                score=f"{chronology}{'S1' if other_cause else 'S2'}B3",
                naranjo=_naranjo(compatible, stopping, again, other_cause, _before(run, earlier)),
            )
        )
        earlier.append(run)
    return found


def _stopping(record: Record, run: Run, intervals: list[Interval], now: datetime) -> str:
    assert run.exposure is not None
    interval = intervals[run.exposure]
    if interval.how == OPEN:
        return "not suggestive" if run.recovery is not None else "inconclusive"
    if interval.end is None:
        return "inconclusive"
    restart = intervals[run.exposure + 1].start if run.exposure + 1 < len(intervals) else None
    if run.recovery is not None and (restart is None or later(restart, run.recovery.when)):
        recovered = run.recovery.when
        if later(interval.end, recovered):
            return "not suggestive"
        if later(recovered, interval.end) and at_most_days_later(recovered, interval.end, 14):
            return "inconclusive" if _gcsf_before(record, recovered, now) else "suggestive"
    for low in run.lows:
        still_off = restart is None or later(restart, low.when)
        if still_off and at_least_days_later(low.when, interval.end, 14):
            return "not suggestive"
    return "inconclusive"


def _gcsf_before(record: Record, recovered: When, now: datetime) -> bool:
    """Whether G-CSF was given in the 14 days before the recovery."""
    return any(_taken_between(record, name, recovered, recovered, 14, now) for name in GCSF)


def _taken_between(record: Record, drug: str, first: When, last: When | None, days: int, now: datetime) -> bool:
    """Whether a drug was taken from so many days before ``first`` on, until ``last`` (None: until today)."""
    for medication in record.medications:
        piece = piece_of(medication, now)
        if medication.drug.name != drug or piece is None:
            continue
        begun_later = last is not None and piece.start is not None and later(piece.start, last)
        long_over = piece.end is not None and not at_most_days_later(first, piece.end, days)
        if not begun_later and not long_over:
            return True
    return False


def _again(record: Record, run: Run, intervals: list[Interval], counts: list[Count]) -> tuple[str, bool]:
    """What the first re-exposure showed, and whether that is inferred from a leucocytosis."""
    assert run.exposure is not None
    place = run.exposure + 1
    if place >= len(intervals):
        return "R0", False
    interval = intervals[place]
    for episode in episodes_of(counts, intervals):
        if episode.exposure == place:
            return "R+", False
    inside = [count for count in counts if in_it(count.when, interval)]
    if interval.start is None or any(is_low(count) for count in inside):
        return "R0", False
    if inside and at_least_days_later(inside[-1].when, interval.start, 3):
        return "R-", False
    if _leucocytosis(record, interval, inside):
        return "R-", True
    return "R0", False


def _leucocytosis(record: Record, interval: Interval, inside: list[Count]) -> bool:
    """7.5 neutrophils or 11 white cells or more."""
    if any(count.value >= Decimal("7.5") for count in inside):
        return True
    for result in record.results:
        if result.analyte == "wbc" and result.usable and result.when is not None and result.value is not None:
            high = result.value >= 11 and not result.comparator.startswith("<")
            if high and in_it(result.when, interval):
                return True
    return False


def _other_cause(record: Record, run: Run, intervals: list[Interval], now: datetime) -> bool:
    over = run.recovery.when if run.recovery is not None else None
    for drug in CAN_LOWER_NEUTROPHILS:
        if _taken_between(record, drug, run.onset, over, 30, now):
            return True
    first = first_dose(intervals)
    for condition in record.conditions:
        date = condition.onset or condition.recorded
        if condition.kinds & {"hlh", "chemo-neutropenia"}:
            if date is None or over is None or not later(date, over):
                return True
        if "duffy-null" in condition.kinds:
            return True
        if "neutropenia" in condition.kinds and date is not None and first is not None and later(first, date):
            return True
    return False


def _before(run: Run, earlier: list[Run]) -> bool:
    """A similar reaction in an earlier exposure."""
    for other in earlier:
        if other.exposure is not None and run.exposure is not None and other.exposure < run.exposure:
            return True
    return False


def _naranjo(compatible: bool, stopping: str, again: str, other_cause: bool, before: bool) -> int:
    score = 1  # previous conclusive reports: it is in the label
    score += 2 if compatible else -1
    if stopping == "suggestive":
        score += 1
    if again == "R+":
        score += 2
    if again == "R-":
        score -= 1
    if other_cause:
        score -= 1
    if before:
        score += 1
    return score + 1  # counts are objective evidence
