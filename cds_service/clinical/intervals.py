"""The interval of time for which one order, administration or statement exposed a patient to a drug.

``active`` in a record does not mean taken, and ``stopped`` may mean "improved": the cards say which order was read.
Source: clinical specification 0.3, section 3.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from math import inf
from typing import NamedTuple

from cds_service.clinical.record import Kind, Medication, When

ONE_DAY = timedelta(days=1)
A_WHILE = timedelta(days=3)
"""Two dates without a time, some days apart, are at most this much further apart as instants."""


class Ended(StrEnum):
    """How an interval ended."""

    OPEN = "open"
    HOLD = "on-hold"
    STOP = "stopped or completed"


class Interval(NamedTuple):
    """One exposure: from ``start`` to ``end``; None is unknown (or, for an open one, no end yet)."""

    start: When | None
    end: When | None
    ended: Ended
    orders: tuple[Medication, ...]
    has_reason: bool = False
    reason_neutropenia: bool = False
    start_approximate: bool = False
    end_approximate: bool = False
    end_date_passed: bool = False
    ends_with_dose: bool = False
    """Its end is only the end of the day of a dose that was given, not something anyone decided."""

    def has_begun_before(self, when: When) -> bool:
        return self.start is None or when.is_after(self.start)

    def last_dose_by(self, end: When) -> bool:
        """It ends with a dose that was given no later than ``end``: the last one before an order was stopped."""
        if not self.ends_with_dose or self.end is None:
            return False
        return not When(self.end.at - ONE_DAY, self.end.day - ONE_DAY, self.end.exact).is_after(end)


def interval_of(medication: Medication, now: datetime) -> Interval | None:
    """The interval one resource speaks of; None if it has not begun."""
    start, start_approximate = _start(medication)
    if start is not None and start.at > now:
        return None
    ended, end, end_approximate = _end(medication, start, start_approximate, now)
    if start is not None and end is not None and end.at < start.at:
        end = start
    return Interval(
        start=start,
        end=end,
        ended=ended,
        orders=(medication,),
        has_reason=medication.has_reason,
        reason_neutropenia=medication.reason_neutropenia,
        start_approximate=start_approximate,
        end_approximate=end_approximate,
        ends_with_dose=medication.kind is Kind.ADMINISTRATION,
        end_date_passed=ended is Ended.OPEN and bool(medication.bounds_end and medication.bounds_end.at < now),
    )


def _start(medication: Medication) -> tuple[When | None, bool]:
    stated = [when for when in (medication.authored, medication.bounds_start) if when is not None]
    if stated:
        return max(stated, key=lambda when: when.at), False
    return medication.last_updated, medication.last_updated is not None


def _end(
    medication: Medication, start: When | None, start_approximate: bool, now: datetime
) -> tuple[Ended, When | None, bool]:
    """How and when it ended, and whether that date is only approximate."""
    if medication.kind is Kind.ADMINISTRATION:
        end = start and When(start.at + ONE_DAY, start.day + ONE_DAY, start.exact)
        return Ended.STOP, end, start_approximate
    if medication.kind is Kind.STATEMENT:
        end = medication.bounds_end
        return (Ended.STOP, end, False) if end and end.at <= now else (Ended.OPEN, None, False)
    if medication.status == "active":
        return Ended.OPEN, None, False
    ended = Ended.HOLD if medication.status == "on-hold" else Ended.STOP
    changed = medication.status_changed
    if changed is not None and changed.at <= now and (start is None or changed.is_after(start)):
        # One no later than the start dates the order's becoming active: the EHR left it as it was.
        return ended, changed, False
    supply = medication.validity_end if medication.status == "completed" else None
    dates = [(medication.bounds_end, False), (supply, False), (medication.last_updated, True)]
    known = [(when, approximate) for when, approximate in dates if when is not None and when.at <= now]
    end, approximate = min(known, key=lambda each: each[0].at, default=(None, False))
    return ended, end, approximate


class ByStart:
    """Intervals by their start, so that those of one moment are found without looking at all of them."""

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self._intervals = sorted(intervals, key=_began)
        self._starts = [_began(each) for each in self._intervals]
        self._latest_ends = list(accumulate(map(_over, self._intervals), max))

    def at(self, when: When, tail: timedelta) -> Interval | None:
        """Of those that were running then, or had ended at most ``tail`` before, the one that began last."""
        found, began = None, 0.0
        earliest_end = (when.at - tail - A_WHILE).timestamp()
        for place in range(bisect_right(self._starts, (when.at + A_WHILE).timestamp()) - 1, -1, -1):
            each = self._intervals[place]
            if self._starts[place] < began if found else self._latest_ends[place] < earliest_end:
                break
            if each.has_begun_before(when) and (each.end is None or not_after(when, each.end, tail)):
                found, began = each, self._starts[place]
        return found


def _began(interval: Interval) -> float:
    return interval.start.at.timestamp() if interval.start else 0.0


def _over(interval: Interval) -> float:
    return interval.end.at.timestamp() if interval.end else inf


def runs(interval: Interval, now: datetime) -> bool:
    """Open, or with an end that still lies ahead."""
    return interval.ended is Ended.OPEN or (interval.end is not None and interval.end.at > now)


def not_after(when: When, base: When, allowed: timedelta) -> bool:
    """``when`` is at most ``allowed`` after ``base``; by calendar days where either has day precision."""
    if when.exact and base.exact:
        return when.at <= base.at + allowed
    return when.day <= base.day + allowed


def at_least_after(when: When, base: When, span: timedelta) -> bool:
    """``when`` is ``span`` or more after ``base``; by calendar days where either has day precision."""
    if when.exact and base.exact:
        return when.at >= base.at + span
    return when.day >= base.day + span
