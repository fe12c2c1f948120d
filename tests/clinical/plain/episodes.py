"""Episodes of neutropenia and what they taught: section 3, "Episode" and "History"."""

from dataclasses import dataclass
from datetime import datetime

from cds_service.clinical.record import Record, When

from .counts import Count, is_low
from .pieces import HOLD, OPEN, STOP, Interval, piece_of
from .times import at_least_days_later, at_most_days_later, later


@dataclass
class Run:
    """Low counts in a row. ``recovery`` is the count of 1.5 or more that ended it, ``exposure`` the place of the
    interval it belongs to, if any."""

    lows: list[Count]
    recovery: Count | None = None
    exposure: int | None = None

    @property
    def onset(self) -> When:
        return self.lows[0].when

    @property
    def nadir(self) -> Count:
        """The lowest count, the first of equals; "below 0.5" is lower than 0.5."""
        lowest = self.lows[0]
        for count in self.lows:
            if (count.value, count.comparator != "<") < (lowest.value, lowest.comparator != "<"):
                lowest = count
        return lowest


def runs_of(counts: list[Count]) -> list[Run]:
    runs: list[Run] = []
    low_before = False
    for count in counts:
        if is_low(count):
            if low_before:
                runs[-1].lows.append(count)
            else:
                runs.append(Run([count]))
        elif low_before:
            runs[-1].recovery = count
        low_before = is_low(count)
    return runs


def before_the_first_dose(run: Run, intervals: list[Interval]) -> bool:
    """The same day counts as after it only if both times are known. An order without a date may have been first."""
    for interval in intervals:
        if interval.start is None or later(run.onset, interval.start):
            return False
    return intervals != []


def episodes_of(counts: list[Count], intervals: list[Interval]) -> list[Run]:
    """The runs that began during an interval or at most 10 days after one, and after the first dose."""
    found = []
    for run in runs_of(counts):
        if before_the_first_dose(run, intervals):
            continue
        latest = -1.0
        for place, interval in enumerate(intervals):
            begun = interval.start is None or later(run.onset, interval.start)
            over = interval.end is not None and not at_most_days_later(run.onset, interval.end, 10)
            started = interval.start.at.timestamp() if interval.start is not None else 0
            if begun and not over and started > latest:
                run.exposure, latest = place, started
        if run.exposure is not None:
            found.append(run)
    return found


def in_it(when: When, interval: Interval) -> bool:
    """After its start and not after its end."""
    if interval.start is None or not later(when, interval.start):
        return False
    return interval.end is None or not later(when, interval.end)


def history_of(
    record: Record, drug: str, episodes: list[Run], intervals: list[Interval], counts: list[Count], now: datetime
) -> str:
    """ "none", "prior", "failed" or "unknown"."""
    for key in ("neutrophils", "medications"):
        if not record.completeness_of(key).complete:
            return "unknown"
    last_failure = None
    for episode in episodes:
        if _failed(episode, episodes, intervals):
            last_failure = episode.exposure
    if last_failure is not None:
        failed_from = intervals[last_failure].start
        for interval in intervals:
            after = interval.start is not None and failed_from is not None and interval.start.at > failed_from.at
            if after and _tolerated(interval, counts, now):
                return "prior"
        return "failed"
    if any(episode.recovery is not None for episode in episodes) or _held_for_neutropenia(record, drug, now):
        return "prior"
    return "none"


def _failed(episode: Run, episodes: list[Run], intervals: list[Interval]) -> bool:
    """It began in an interval that started after an earlier episode had begun and ended.

    Of a recovery and a restart on one day, times not known, the recovery came first: it is why one restarts.
    """
    assert episode.exposure is not None
    start = intervals[episode.exposure].start
    for earlier in episodes:
        if start is not None and earlier.recovery is not None and not later(earlier.recovery.when, start):
            return True
    return False


def _tolerated(interval: Interval, counts: list[Count], now: datetime) -> bool:
    """At least 90 days, two counts or more in it, none low, the last at day 90 or later."""
    if interval.start is None or (interval.end is None and interval.how != OPEN):
        return False
    end = interval.end or When(now, now.date())
    if not at_least_days_later(end, interval.start, 90):
        return False
    inside = [count for count in counts if in_it(count.when, interval)]
    if len(inside) < 2 or any(is_low(count) for count in inside):
        return False
    return at_least_days_later(inside[-1].when, interval.start, 90)


def _held_for_neutropenia(record: Record, drug: str, now: datetime) -> bool:
    """Any order that was held or stopped for it, whatever other order went on."""
    for medication in record.medications:
        if medication.drug.name == drug and medication.reason_neutropenia:
            piece = piece_of(medication, now)
            if piece is not None and piece.how in (HOLD, STOP):
                return True
    return False
