"""What anakinra was doing at a point in time, in words: "on anakinra, day 4"."""

from collections.abc import Sequence

from cds_service.clinical.intervals import Ended, Interval
from cds_service.clinical.record import When


def use_at(when: When, intervals: Sequence[Interval], drug: str = "anakinra") -> str:
    """By the latest interval that had begun by then; the day of a start is day 0."""
    if not intervals:
        return f"no {drug} on record"
    begun = [each for each in intervals if each.has_begun_before(when)]
    if not begun:
        return f"before {drug}"
    last = max(begun, key=lambda each: each.start.at.timestamp() if each.start else 0.0)
    if last.end is None and last.ended is not Ended.OPEN:
        return f"after a start of {drug} whose end is not recorded"
    if last.end is None or not when.is_after(last.end):
        return f"on {drug}, day {(when.day - last.start.day).days}" if last.start else f"on {drug}"
    return f"off {drug}, {_days((when.day - last.end.day).days)} after its end"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
