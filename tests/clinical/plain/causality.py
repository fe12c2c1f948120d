"""Proposed causality of each low run: section 9."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cds_service.clinical.record import Record, When

from .counts import Count, is_low
from .episodes import Run, before_the_first_dose, episodes_of, in_it, runs_of
from .exposure import OPEN, Interval, piece_of
from .times import at_least_days_later, at_most_days_later, later

GCSF = ("filgrastim", "pegfilgrastim", "sargramostim")
CAN_LOWER_NEUTROPHILS = ("methotrexate", "clozapine", "tocilizumab", "sarilumab", "canakinumab")
"""Of the drugs the made-up patients take: the listed confounders, and the other biologics by their labels."""

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
            given_again = _re_exposures(run, intervals)
        showed = [_again(record, given_again[place:], intervals, counts) for place in range(len(given_again))]
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
        if in_time and not _given_again_by(recovered, run, intervals):
            return "inconclusive" if _gcsf_before(record, recovered, now) else "suggestive"
    for low in run.lows:
        if at_least_days_later(low.when, interval.end, 14) and not _given_again_by(low.when, run, intervals):
            return "not suggestive"
    return "inconclusive"


def _re_exposures(run: Run, intervals: list[Interval]) -> list[Interval]:
    """The exposures that began after the run did, in their order."""
    found = []
    for place, interval in enumerate(intervals):
        if place != run.exposure and interval.start is not None and not later(run.onset, interval.start):
            found.append(interval)
    return found


def _given_again_by(when: When, run: Run, intervals: list[Interval]) -> bool:
    return any(later(when, _start_of(interval)) for interval in _re_exposures(run, intervals))


def _gcsf_before(record: Record, recovered: When, now: datetime) -> bool:
    """Whether G-CSF was given in the 14 days before the recovery, or perhaps on its day."""
    for piece in _pieces(record, GCSF, now):
        begun_later = piece.start is not None and later(piece.start, recovered)
        long_over = piece.end is not None and not at_most_days_later(recovered, piece.end, 14)
        if not begun_later and not long_over:
            return True
    return False


def _taken_before(record: Record, drug: str, onset: When, over: When, now: datetime) -> bool:
    """Whether a drug was begun before the run was over, and taken at most 30 days before it began."""
    for piece in _pieces(record, (drug,), now):
        begun = piece.start is None or later(over, piece.start)
        long_over = piece.end is not None and not at_most_days_later(onset, piece.end, 30)
        if begun and not long_over:
            return True
    return False


def _pieces(record: Record, drugs: tuple[str, ...], now: datetime) -> list[Interval]:
    found = []
    for medication in record.medications:
        piece = piece_of(medication, now)
        if medication.drug.name in drugs and piece is not None:
            found.append(piece)
    return found


def _again(
    record: Record, given_again: list[Interval], intervals: list[Interval], counts: list[Count]
) -> tuple[str, bool]:
    """What the first of these re-exposures showed, and whether that is inferred from a leucocytosis."""
    interval = given_again[0]
    for episode in episodes_of(counts, intervals):
        if episode.exposure is not None and intervals[episode.exposure] is interval:
            return "R+", False
    inside = [count for count in counts if _on_the_first(count.when, given_again)]
    if any(is_low(count) for count in inside):
        return "R0", False
    assert interval.start is not None
    if inside and at_least_days_later(inside[-1].when, interval.start, 3):
        return "R-", False
    if _leucocytosis(record, given_again, inside):
        return "R-", True
    return "R0", False


def _on_the_first(when: When, given_again: list[Interval]) -> bool:
    """On the first of these, and before any other of them began."""
    for other in given_again[1:]:
        if other.start is not None and later(when, other.start) and other.start.at > _start_of(given_again[0]).at:
            return False
    return in_it(when, given_again[0])


def _start_of(interval: Interval) -> When:
    assert interval.start is not None
    return interval.start


def _leucocytosis(record: Record, given_again: list[Interval], inside: list[Count]) -> bool:
    """7.5 neutrophils or 11 white cells or more."""
    if any(count.value >= Decimal("7.5") for count in inside):
        return True
    for result in record.results:
        if result.analyte == "wbc" and result.usable and result.when is not None and result.value is not None:
            high = result.value >= 11 and not result.comparator.startswith("<")
            if high and _on_the_first(result.when, given_again):
                return True
    return False


def _other_cause(record: Record, run: Run, intervals: list[Interval], now: datetime) -> bool:
    over = run.recovery.when if run.recovery is not None else run.lows[-1].when
    for drug in CAN_LOWER_NEUTROPHILS:
        if _taken_before(record, drug, run.onset, over, now):
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
