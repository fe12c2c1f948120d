"""Neutropenia episodes on anakinra, and what they say about a next exposure.

An episode is a run of counts below 1.5 that starts after the first dose, during an exposure or at most 10 days after
one. Neutropenia before the first dose is none. Source: clinical specification 0.3, section 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from cds_service.clinical.intervals import ByStart, Ended, Interval, at_least_after
from cds_service.clinical.neutrophils import is_low
from cds_service.clinical.record import When
from cds_service.clinical.series import Count
from cds_service.clinical.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Episode:
    """One run of low counts; ``recovered`` is the first count of 1.5 or more after it, None while it lasts."""

    interval: Interval
    counts: tuple[Count, ...]
    recovered: Count | None

    @property
    def nadir(self) -> Count:
        return min(self.counts, key=_depth)


def _depth(count: Count) -> tuple[Decimal, bool]:
    """Orders counts by how low they are: "below 0.5" is lower than 0.5."""
    return count.value, count.certain


class Past(StrEnum):
    """What happened on earlier exposures."""

    NONE = "none"
    PRIOR = "prior"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class History:
    """The past in one word, the episodes behind it, and the nadir a card should quote (None: not on file)."""

    past: Past
    episodes: tuple[Episode, ...] = ()
    nadir: Count | None = None


def episodes_of(counts: tuple[Count, ...], intervals: tuple[Interval, ...], limits: Thresholds) -> tuple[Episode, ...]:
    """All episodes, oldest first. ``counts`` and ``intervals`` are oldest first too."""
    found, by_start = [], ByStart(intervals)
    for run, recovered in runs_below(counts, limits):
        interval = by_start.at(run[0].when, limits.episode_tail)
        if interval is not None:
            found.append(Episode(interval, run, recovered))
    return tuple(found)


def runs_below(counts: tuple[Count, ...], limits: Thresholds) -> Iterator[tuple[tuple[Count, ...], Count | None]]:
    """Each run of low counts with the count that ended it (None while it lasts), oldest first."""
    run: list[Count] = []
    for count in counts:
        if is_low(count, limits):
            run.append(count)
        elif run:
            yield tuple(run), count
            run = []
    if run:
        yield tuple(run), None


def history_of(
    counts: tuple[Count, ...],
    intervals: tuple[Interval, ...],
    read_to_the_end: bool,
    now: datetime,
    limits: Thresholds,
) -> History:
    """``unknown`` if the counts or the requests could not be read to the end, whatever was seen of them."""
    episodes = episodes_of(counts, intervals, limits)
    failed = [each for each in episodes if _is_failure(each, episodes)]
    ended = [each.nadir for each in episodes if each.recovered is not None]
    lowest = min(ended, key=_depth, default=None)
    if not read_to_the_end:
        return History(Past.UNKNOWN, episodes, lowest)
    if failed and not _tolerated_since(failed[-1], counts, intervals, now, limits):
        return History(Past.FAILED, episodes, failed[-1].nadir)
    # By order, not by interval: one of two orders may have been held for neutropenia while the other ran on.
    orders = (order for each in intervals for order in each.orders)
    named = any(order.reason_neutropenia and order.status != "active" for order in orders)
    return History(Past.PRIOR if ended or named else Past.NONE, episodes, lowest)


def _is_failure(episode: Episode, episodes: tuple[Episode, ...]) -> bool:
    """It began in an interval which started after an earlier episode had begun and ended."""
    start = episode.interval.start
    return start is not None and any(
        earlier.recovered is not None and not earlier.recovered.when.is_after(start)
        for earlier in episodes
        if earlier is not episode
    )


def _tolerated_since(
    failure: Episode, counts: tuple[Count, ...], intervals: tuple[Interval, ...], now: datetime, limits: Thresholds
) -> bool:
    """A later interval ran at least 90 days with two or more counts, none low, the last at day 90 or later."""
    failed_start = failure.interval.start
    return any(
        each.start is not None
        and failed_start is not None
        and each.start.at > failed_start.at
        and _tolerated(each, counts, now, limits)
        for each in intervals
    )


def _tolerated(interval: Interval, counts: tuple[Count, ...], now: datetime, limits: Thresholds) -> bool:
    start = interval.start
    end = interval.end or When(now, now.date())
    unknown = start is None or (interval.end is None and interval.ended is not Ended.OPEN)
    if start is None or unknown or not at_least_after(end, start, limits.tolerated_after):
        return False
    during = [
        count
        for count in counts
        if interval.has_begun_before(count.when) and (interval.end is None or not count.when.is_after(interval.end))
    ]
    return (
        len(during) >= limits.tolerated_counts
        and not any(is_low(count, limits) for count in during)
        and at_least_after(during[-1].when, start, limits.tolerated_after)
    )
