"""What being given the drug again showed: section 9, re-exposure."""

from decimal import Decimal

from cds_service.clinical.record import Record, When

from .counts import Count, is_low
from .episodes import Run, episodes_of, in_it
from .pieces import Interval
from .times import at_least_days_later, later


def re_exposures(run: Run, intervals: list[Interval]) -> list[Interval]:
    """The exposures that began after the run did, in their order."""
    found = []
    for place, interval in enumerate(intervals):
        if place != run.exposure and interval.start is not None and not later(run.onset, interval.start):
            found.append(interval)
    return found


def given_again_by(when: When, run: Run, intervals: list[Interval]) -> bool:
    return any(later(when, _start_of(interval)) for interval in re_exposures(run, intervals))


def what_it_showed(
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
