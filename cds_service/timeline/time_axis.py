"""Where an instant lies across the drawing. Long stretches without any event are cut out, and the cut is shown.

A published course has daily counts for ten days, and the next ones months later: on one even scale the ten days would
be a dot. A cut needs a stretch of at least 30 days that is four times the usual one between two events.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

DAY = timedelta(days=1)
BREAK_WIDTH, EDGE = 34.0, 18.0
_LEAST_BREAK, _TIMES_USUAL, _MOST_BREAKS = 30.0, 4.0, 6
_LEAST_WIDTH, _ROOM_PER_CUT = 92.0, 140.0


class Segment(NamedTuple):
    """A stretch drawn to one scale, from ``left`` to ``right``; its events keep a distance from both edges."""

    begins: datetime
    ends: datetime
    left: float
    right: float

    @property
    def day_width(self) -> float:
        """Pixels a day; 0 for a stretch of a single instant, which is drawn in its middle."""
        length = (self.ends - self.begins) / DAY
        return (self.right - self.left - 2 * EDGE) / length if length else 0.0

    def x(self, at: datetime) -> float:
        if self.begins == self.ends:
            return (self.left + self.right) / 2
        return min(max(self.left + EDGE + (at - self.begins) / DAY * self.day_width, self.left), self.right)


class Cut(NamedTuple):
    """A stretch that was left out."""

    left: float
    right: float
    days: int


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The segments from left to right. An instant outside all of them lies at the nearest edge."""

    segments: tuple[Segment, ...]

    def x(self, at: datetime) -> float:
        place = max(0, bisect_right([each.begins for each in self.segments], at) - 1)
        segment = self.segments[place]
        following = self.segments[place + 1] if place + 1 < len(self.segments) else None
        if at <= segment.ends or following is None:
            return segment.x(at)
        part = (at - segment.ends) / (following.begins - segment.ends)
        return segment.right + part * (following.left - segment.right)

    def place_of(self, at: datetime) -> int:
        """Which segment an instant belongs to: two counts of different ones are not on one scale."""
        return max(0, bisect_right([each.begins for each in self.segments], at) - 1)

    @property
    def cuts(self) -> tuple[Cut, ...]:
        pairs = pairwise(self.segments)
        return tuple(Cut(a.right, b.left, round((b.begins - a.ends) / DAY)) for a, b in pairs)


def time_axis(instants: Iterable[datetime], left: float, right: float) -> TimeAxis:
    """The axis for these events (at least one)."""
    stretches = [
        _at_least_a_day(*each) for each in _stretches(sorted(set(instants)), int((right - left) // _ROOM_PER_CUT))
    ]
    widths = _widths([(ends - begins) / DAY for begins, ends in stretches], right - left)
    segments, x = [], left
    for (begins, ends), width in zip(stretches, widths, strict=True):
        segments.append(Segment(begins, ends, x, x + width))
        x += width + BREAK_WIDTH
    return TimeAxis(tuple(segments))


def _stretches(instants: Sequence[datetime], most: int) -> list[tuple[datetime, datetime]]:
    """First and last event of each stretch without a cut; at most so many cuts, the widest."""
    gaps = [(b - a) / DAY for a, b in pairwise(instants)]
    usual = median([gap for gap in gaps if gap >= 1] or [1.0])
    wide = [place for place, gap in enumerate(gaps) if gap >= max(_LEAST_BREAK, _TIMES_USUAL * usual)]
    cuts = sorted(sorted(wide, key=lambda place: (-gaps[place], place))[: min(most, _MOST_BREAKS)])
    bounds = [0, *(place + 1 for place in cuts), len(instants)]
    return [(instants[a], instants[b - 1]) for a, b in pairwise(bounds)]


def _at_least_a_day(begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    if begins == ends or ends - begins >= DAY:
        return begins, ends
    return begins - DAY / 2, ends + DAY / 2


def _widths(lengths: Sequence[float], whole: float) -> list[float]:
    """Each stretch gets room by its length, but never too little for the label of its date."""
    room = whole - BREAK_WIDTH * (len(lengths) - 1)
    least = min(_LEAST_WIDTH, room / len(lengths))
    small: set[int] = set()
    while True:
        left = room - least * len(small)
        total = sum(length for place, length in enumerate(lengths) if place not in small) or 1.0
        widths = [least if place in small else left * length / total for place, length in enumerate(lengths)]
        too_small = {place for place, width in enumerate(widths) if width < least - 0.01}
        if not too_small or len(small) == len(lengths) - 1:
            return [max(width, least) for width in widths] if len(lengths) > 1 else [room]
        small |= too_small
