"""The labels under the time axis: dates, or days since the first dose."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from cds_service.advice.dates import MONTHS
from cds_service.timeline.time_axis import Segment, TimeAxis

_ONE_DAY = timedelta(days=1)
_DATE_ROOM, _DAY_ROOM = 54.0, 36.0
_DATE_STEPS, _MONTH_STEPS = (1, 2, 3, 5, 7, 10, 14), (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_DAY_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


class Tick(NamedTuple):
    """``below`` is the year, where it is said for the first time."""

    x: float
    label: str
    below: str = ""


def ticks_of(axis: TimeAxis, zone: tzinfo, day_0: date | None = None) -> tuple[Tick, ...]:
    """Dates; with ``day_0`` the number of days since that day."""
    if day_0 is not None:
        return tuple(tick for each in axis.segments for tick in _days(each, zone, day_0, each is axis.segments[0]))
    found, year = [], ""
    for segment in axis.segments:
        for day, label in _dates(segment, zone):
            said = str(day.year) if str(day.year) not in (year, label) else ""
            found.append(Tick(_x(segment, day, zone), label, said))
            year = str(day.year)
        year = ""
    return tuple(found)


def _x(segment: Segment, day: date, zone: tzinfo) -> float:
    return segment.x(datetime.combine(day, time(), zone))


def _span(segment: Segment, zone: tzinfo) -> tuple[date, date]:
    return segment.begins.astimezone(zone).date(), segment.ends.astimezone(zone).date()


def _days(segment: Segment, zone: tzinfo, day_0: date, from_0: bool) -> Iterator[Tick]:
    """Behind a cut the first label is the day of the first event there: round numbers would start anywhere."""
    first, last = ((day - day_0).days for day in _span(segment, zone))
    step = next((s for s in _DAY_STEPS if s * segment.day_width >= _DAY_ROOM), _DAY_STEPS[-1])
    begin = -(-first // step) * step if from_0 else first
    for number in range(begin, last + 1, step) if begin <= last else (first,):
        yield Tick(_x(segment, day_0 + number * _ONE_DAY, zone), str(number))


def _dates(segment: Segment, zone: tzinfo) -> Iterator[tuple[date, str]]:
    first, last = _span(segment, zone)
    step = next((s for s in _DATE_STEPS if s * segment.day_width >= _DATE_ROOM), 0)
    if first == last or not segment.day_width:
        yield first, _day(first)
    elif step:
        for number in range(0, (last - first).days + 1, step):
            yield (day := first + number * _ONE_DAY), _day(day)
    else:
        yield from _months(first, last, segment.day_width)


def _months(first: date, last: date, day_width: float) -> Iterator[tuple[date, str]]:
    step = next((s for s in _MONTH_STEPS if s * 30.4 * day_width >= _DATE_ROOM - 14), _MONTH_STEPS[-1])
    number = -(-(first.year * 12 + first.month - (first.day == 1)) // step) * step
    while (day := date(number // 12, number % 12 + 1, 1)) <= last:
        yield day, str(day.year) if step >= 12 else MONTHS[day.month - 1]
        number += step


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"
