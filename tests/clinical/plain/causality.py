"""Proposed causality of each low run: section 9."""

from dataclasses import dataclass
from datetime import datetime

from cds_service.clinical.record import Record, When

from .again import given_again_by, re_exposures, what_it_showed
from .counts import Count
from .episodes import Run, before_the_first_dose, episodes_of, runs_of
from .other_drugs import CAN_LOWER_NEUTROPHILS, gcsf_before, taken_before
from .pieces import OPEN, Interval
from .times import at_least_days_later, at_most_days_later, later

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
    alone: list[str]
    """The score by each later re-exposure alone."""
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
        stopping, given_again = "inconclusive", []
        if compatible:
            stopping = _stopping(record, run, intervals, now)
            given_again = re_exposures(run, intervals)
        showed = [what_it_showed(record, given_again[place:], intervals, counts) for place in range(len(given_again))]
        again, inferred = showed[0] if showed else ("R0", False)
        other_cause = _other_cause(record, run, intervals, now)
        semiology = "S1" if other_cause else "S2"
        chronology = CHRONOLOGY[stopping][again] if compatible else "C0"
        found.append(
            Proposal(
                onset=run.onset,
                delay="compatible" if compatible else "incompatible",
                stopping=stopping,
                again=again,
                inferred=inferred,
                score=f"{chronology}{semiology}B3",
                alone=[f"{CHRONOLOGY[stopping][answer]}{semiology}B3" for answer, _ in showed[1:]],
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
    if run.recovery is not None:
        recovered = run.recovery.when
        if later(interval.end, recovered):
            return "not suggestive"
        in_time = later(recovered, interval.end) and at_most_days_later(recovered, interval.end, 14)
        if in_time and not given_again_by(recovered, run, intervals):
            return "inconclusive" if gcsf_before(record, recovered, now) else "suggestive"
    for low in run.lows:
        if at_least_days_later(low.when, interval.end, 14) and not given_again_by(low.when, run, intervals):
            return "not suggestive"
    return "inconclusive"


def _other_cause(record: Record, run: Run, intervals: list[Interval], now: datetime) -> bool:
    over = run.recovery.when if run.recovery is not None else run.lows[-1].when
    for drug in CAN_LOWER_NEUTROPHILS:
        if taken_before(record, drug, run.onset, over, now):
            return True
    starts = [interval.start for interval in intervals if interval.start is not None]
    for condition in record.conditions:
        date = condition.onset or condition.recorded
        if condition.kinds & {"hlh", "chemo-neutropenia"} and (date is None or not later(date, over)):
            return True
        if "duffy-null" in condition.kinds:
            return True
        if "neutropenia" in condition.kinds and date is not None and starts and later(min(starts), date):
            return True
    return False


def _before(run: Run, earlier: list[Run]) -> bool:
    """A similar reaction in an earlier exposure."""
    for other in earlier:
        if other.exposure is not None and run.exposure is not None and other.exposure != run.exposure:
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
