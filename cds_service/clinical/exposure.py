"""When a patient was on a drug, and whether anakinra is on, held or off today.

The limits are choices of this project, in the profile. Source: clinical specification 0.3, section 3.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from cds_service.clinical.intervals import A_WHILE, Ended, Interval, interval_of, not_after, runs
from cds_service.clinical.neutrophils import is_low
from cds_service.clinical.record import Kind, Medication
from cds_service.clinical.series import Count, instant_of
from cds_service.clinical.thresholds import Thresholds


class Use(StrEnum):
    """Whether the patient is on a drug today."""

    ON = "on"
    HELD = "held"
    OFF = "off"


class Cause(StrEnum):
    """Why an interruption counts as a hold for neutropenia."""

    NONE = ""
    REASON = "the order's reason names neutropenia"
    LOW_COUNT = "a count below 1.5 around its end"
    NOT_RECORDED = "cause not recorded"


class Exposure(NamedTuple):
    """All intervals of one drug, oldest first, and its state today."""

    intervals: tuple[Interval, ...] = ()
    use: Use = Use.OFF
    cause: Cause = Cause.NONE
    hangs_on_counts: bool = False
    """It ended recently enough to be a hold, and only a low count around its end could tell."""

    @property
    def current(self) -> Interval | None:
        """The interval the state rests on: the running one, or the one that was held."""
        return self.intervals[-1] if self.intervals and self.use is not Use.OFF else None

    @property
    def active_orders(self) -> tuple[Medication, ...]:
        """The active requests of the running interval: what a hold would have to change."""
        orders = self.current.orders if self.current and self.use is Use.ON else ()
        return tuple(order for order in orders if order.kind is Kind.REQUEST and order.status == "active")


def exposure(
    medications: Iterable[Medication], counts: tuple[Count, ...], now: datetime, limits: Thresholds
) -> Exposure:
    """The exposure to one drug, from all that speaks of it."""
    found = [interval for each in medications if (interval := interval_of(each, now)) is not None]
    found.sort(key=_place)
    intervals = _joined(found, counts, limits)
    intervals.sort(key=lambda each: runs(each, now))
    if not intervals:
        return Exposure()
    latest = intervals[-1]
    if runs(latest, now):
        return Exposure(tuple(intervals), Use.ON)
    if not _recently_ended(latest, now, limits):
        return Exposure(tuple(intervals))
    cause = cause_of(latest, counts, limits)
    return Exposure(tuple(intervals), Use.HELD if cause else Use.OFF, cause, hangs_on_counts=not cause)


def _place(interval: Interval) -> tuple[float, bool, bool, float, bool, bool, str]:
    """By start, of those that start together the longest first; without a start, by end."""
    end = interval.end.at.timestamp() if interval.end else 0.0
    start = interval.start.at.timestamp() if interval.start else end
    timed = interval.start is not None and interval.start.exact
    ended = interval.ended is not Ended.OPEN
    return start, ended, interval.end is None, -end, timed, interval.start_approximate, interval.orders[0].source


def _joined(intervals: list[Interval], counts: tuple[Count, ...], limits: Thresholds) -> list[Interval]:
    """Intervals at most a day apart are one: a renewal or a change of dose is no re-exposure."""
    joined: list[Interval] = []
    for interval in intervals:
        if joined and _continues(joined[-1], interval, counts, limits):
            joined[-1] = _union(joined[-1], interval)
        else:
            joined.append(interval)
    return joined


def _continues(earlier: Interval, later: Interval, counts: tuple[Count, ...], limits: Thresholds) -> bool:
    if earlier.start is None or later.start is None:
        return False  # an order without a start says nothing of when: it must not swallow the dated ones
    if earlier.ended is Ended.OPEN:
        return True
    if earlier.end is None:
        return False
    if not not_after(later.start, earlier.end, limits.exposure_gap):
        return False
    if later.end is not None and not later.end.is_after(earlier.end):
        return True
    if earlier.ends_with_dose or later.last_dose_by(earlier.end):
        return True
    was_held = earlier.ended is Ended.HOLD or earlier.reason_neutropenia
    return not was_held and not low_around_end(earlier, counts, limits)


def _union(one: Interval, other: Interval) -> Interval:
    last = _deciding(one, other)
    return last._replace(
        start=one.start,
        start_approximate=one.start_approximate,
        orders=one.orders + other.orders,
        end_date_passed=one.end_date_passed or other.end_date_passed,
    )


def _deciding(one: Interval, other: Interval) -> Interval:
    """Which of two joined intervals says how the whole ended: the later one, but an order rather than its last dose.

    Of two that ended together (on one date, if either has no time) it is a hold, else the one that names a reason, else
    the one without a time: it claims less.
    """
    for order, dose in ((one, other), (other, one)):
        if order.ended is not Ended.OPEN and not order.ends_with_dose and order.end and dose.last_dose_by(order.end):
            return order
    if one.end and other.end and not one.end.is_after(other.end) and not other.end.is_after(one.end):
        return max(one, other, key=_says_more)
    return max(one, other, key=_ending)


def _says_more(interval: Interval) -> tuple[bool, bool, bool, bool]:
    by_day = interval.end is not None and not interval.end.exact
    return interval.ended is Ended.HOLD, interval.reason_neutropenia, interval.has_reason, by_day


def _ending(interval: Interval) -> tuple[bool, bool, float]:
    end = interval.end.at.timestamp() if interval.end else 0.0
    return interval.ended is Ended.OPEN, interval.end is None, end


def _recently_ended(interval: Interval, now: datetime, limits: Thresholds) -> bool:
    if interval.end is None:
        return interval.ended is Ended.HOLD
    within = limits.held_after_hold if interval.ended is Ended.HOLD else limits.held_after_stop
    return now - interval.end.at <= within


def cause_of(interval: Interval, counts: tuple[Count, ...], limits: Thresholds) -> Cause:
    """Why the end of an interval counts as a hold for neutropenia; ``NONE`` if it does not."""
    if interval.reason_neutropenia:
        return Cause.REASON
    if low_around_end(interval, counts, limits):
        return Cause.LOW_COUNT
    silent = interval.ended is Ended.HOLD and not interval.has_reason
    return Cause.NOT_RECORDED if silent and not any(_around_end(interval, counts, limits)) else Cause.NONE


def low_around_end(interval: Interval, counts: tuple[Count, ...], limits: Thresholds) -> bool:
    """A count below 1.5 lies between 14 days before and 10 days after the end of the interval."""
    return any(is_low(count, limits) for count in _around_end(interval, counts, limits))


def _around_end(interval: Interval, counts: tuple[Count, ...], limits: Thresholds) -> Iterator[Count]:
    """The counts in that window: of thousands of counts only those of these weeks are looked at."""
    end = interval.end
    if end is None:
        return
    earliest, latest = end.at - limits.held_low_before - A_WHILE, end.at + limits.held_low_after + A_WHILE
    for place in range(bisect_left(counts, earliest, key=instant_of), len(counts)):
        count = counts[place]
        if count.when.at > latest:
            return
        if not_after(end, count.when, limits.held_low_before) and not_after(count.when, end, limits.held_low_after):
            yield count
