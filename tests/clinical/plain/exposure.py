"""When a drug was taken, all orders together, and whether it is on, held or off: section 3, "Exposure"."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cds_service.clinical.record import Medication, When

from .counts import Count, is_low
from .pieces import DOSE, HOLD, OPEN, STOP, Interval, piece_of
from .times import at_most_days_later, later


def intervals_of(medications: tuple[Medication, ...], drug: str, counts: list[Count], now: datetime) -> list[Interval]:
    """The intervals of a drug, the first to start first; those that are one are joined."""
    pieces = []
    for medication in medications:
        if medication.drug.name == drug:
            piece = piece_of(medication, now)
            if piece is not None:
                pieces.append(piece)
    pieces.sort(key=_place)
    joined: list[Interval] = []
    for piece in pieces:
        if joined and _are_one(joined[-1], piece, counts):
            joined[-1] = _one(joined[-1], piece)
        else:
            joined.append(piece)
    return [each for each in joined if not goes_on(each, now)] + [each for each in joined if goes_on(each, now)]


def goes_on(interval: Interval, now: datetime) -> bool:
    """Open, or still within the day of a dose."""
    return interval.how == OPEN or (interval.end is not None and interval.end.at > now)


def _place(piece: Interval) -> tuple[float, bool, bool, float, bool, bool]:
    """The first to start first, of those that start together the longest; one without a start by its end."""
    end = piece.end.at.timestamp() if piece.end is not None else 0
    start = piece.start.at.timestamp() if piece.start is not None else end
    timed = piece.start is not None and piece.start.exact
    return start, piece.how != OPEN, piece.end is None, -end, timed, piece.start_approximate


def ended_for_good(interval: Interval, counts: list[Count]) -> bool:
    """Ended by hold, or by a stop for neutropenia or with a low count around it: what follows is a re-exposure."""
    if interval.how == HOLD:
        return True
    if interval.how == STOP:
        return interval.reason_neutropenia or any(is_low(count) for count in around_the_end(interval, counts))
    return False


def around_the_end(interval: Interval, counts: list[Count]) -> list[Count]:
    """The counts between 14 days before the end and 10 days after it."""
    found = []
    for count in counts:
        if interval.end is not None:
            not_too_early = at_most_days_later(interval.end, count.when, 14)
            not_too_late = at_most_days_later(count.when, interval.end, 10)
            if not_too_early and not_too_late:
                found.append(count)
    return found


def _are_one(first: Interval, second: Interval, counts: list[Count]) -> bool:
    """Whether ``second``, which did not start before ``first``, is the same exposure."""
    if first.start is None or second.start is None:
        return False
    if first.how == OPEN:
        return True
    if first.end is None:
        return False
    if not at_most_days_later(second.start, first.end, 1):
        return False
    if ended_for_good(first, counts):
        return _over_with(second, first.end)
    return True


def _over_with(piece: Interval, end: When) -> bool:
    """Whether a piece did not go on after ``end``. Of a dose it is the last dose itself that matters, not its day."""
    if piece.end is None:
        return False
    if piece.how == DOSE:
        given = When(piece.end.at - timedelta(days=1), piece.end.day - timedelta(days=1), piece.end.exact)
        return not later(given, end)
    return not later(piece.end, end)


def _one(first: Interval, second: Interval) -> Interval:
    """Two intervals as one: it starts with the first and ends with whichever ends later."""
    return replace(_ends_later(first, second), start=first.start, start_approximate=first.start_approximate)


def _ends_later(first: Interval, second: Interval) -> Interval:
    """A dose ends nothing that an order ends later than the dose was given. Of two that end together: the hold."""
    for each in (first, second):
        if each.how == OPEN:
            return each
    for each in (first, second):
        if each.end is None:
            return each
    assert first.end is not None
    assert second.end is not None
    for order, dose in ((first, second), (second, first)):
        if order.how != DOSE and dose.how == DOSE and order.end is not None and _over_with(dose, order.end):
            return order
    if later(first.end, second.end):
        return first
    if later(second.end, first.end):
        return second
    merits = [
        (each.how == HOLD, each.reason_neutropenia, each.has_reason, not each.end.exact)
        for each in (first, second)
        if each.end is not None
    ]
    return second if merits[1] > merits[0] else first


@dataclass
class Today:
    """``use`` is "on", "held" or "off"; ``cause`` why it is held; ``interval`` the one that decides."""

    use: str
    cause: str = ""
    interval: Interval | None = None


def today(intervals: list[Interval], counts: list[Count], now: datetime) -> Today:
    for interval in intervals:
        if goes_on(interval, now):
            return Today("on", interval=interval)
    if not intervals:
        return Today("off")
    latest = intervals[-1]
    if not _recent(latest, now):
        return Today("off")
    around = around_the_end(latest, counts)
    if latest.reason_neutropenia:
        return Today("held", "reason", latest)
    if any(is_low(count) for count in around):
        return Today("held", "low count", latest)
    if latest.how == HOLD and not latest.has_reason and not around:
        return Today("held", "not recorded", latest)
    return Today("off")


def _recent(interval: Interval, now: datetime) -> bool:
    """Ended by hold at most 180 days ago or nobody knows when, or stopped at most 60 days ago."""
    if interval.end is None:
        return interval.how == HOLD
    return now - interval.end.at <= timedelta(days=180 if interval.how == HOLD else 60)


def counted_since_the_hold(state: Today, counts: list[Count]) -> bool:
    if state.use != "held" or state.interval is None or state.interval.end is None:
        return False
    return any(later(count.when, state.interval.end) for count in counts)
