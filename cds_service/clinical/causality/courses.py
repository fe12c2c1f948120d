"""Each low run of neutrophils as a story: when it began, in which exposure, how low, when it ended, what came later."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cds_service.clinical.episodes import runs_below
from cds_service.clinical.intervals import ByStart, Ended, Interval
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import When
from cds_service.clinical.series import Count


class Delay(StrEnum):
    """From the drug to the event. "Very suggestive" is a reviewer's word, never proposed."""

    COMPATIBLE = "compatible"
    INCOMPATIBLE = "incompatible"


@dataclass(frozen=True, slots=True)
class Course:
    """One low run. ``exposure`` is the interval it belongs to, None for a run that was low before the first dose.

    ``exposures`` are all of them, oldest first.
    """

    run: tuple[Count, ...]
    recovered: Count | None
    exposure: Interval | None
    exposures: tuple[Interval, ...]

    @property
    def later(self) -> tuple[Interval, ...]:
        """The exposures that began after it did."""
        return tuple(
            each for each in self.exposures if each is not self.exposure and not each.has_begun_before(self.onset)
        )

    @property
    def onset(self) -> When:
        return self.run[0].when

    @property
    def last(self) -> When:
        """The end of what is known of it: its recovery, else its last low count."""
        return self.recovered.when if self.recovered else self.run[-1].when

    @property
    def nadir(self) -> Count:
        return min(self.run, key=lambda count: (count.value, count.certain))

    @property
    def delay(self) -> Delay:
        return Delay.INCOMPATIBLE if self.exposure is None else Delay.COMPATIBLE

    @property
    def onset_delay(self) -> int | None:
        """Calendar days from the first dose of its exposure to the first low count."""
        start = self.exposure.start if self.exposure else None
        return (self.onset.day - start.day).days if start else None

    @property
    def stopped(self) -> When | None:
        """When the exposure it belongs to was held or stopped; None while it runs, or without a date."""
        return self.exposure.end if self.exposure and self.exposure.ended is not Ended.OPEN else None

    @property
    def days_to_recovery(self) -> int | None:
        """Calendar days from stopping to the first count of 1.5 or more; None where it did not follow a stop."""
        if self.recovered is None or self.stopped is None or not self.recovered.when.is_after(self.stopped):
            return None
        return (self.recovered.when.day - self.stopped.day).days


def courses_of(picture: Picture) -> tuple[Course, ...]:
    """Every low run that a reviewer would judge, oldest first: the episodes, and runs low before the first dose."""
    return tuple(_courses(picture))


def unrelated_runs(picture: Picture) -> tuple[tuple[Count, ...], ...]:
    """Low runs that began more than 10 days after the end of an exposure: not judged, and said so."""
    judged = {course.run for course in courses_of(picture)}
    return tuple(run for run, _ in runs_below(picture.counts, picture.limits) if run not in judged)


def _courses(picture: Picture) -> Iterator[Course]:
    intervals = picture.anakinra.intervals
    by_start, tail = ByStart(intervals), picture.limits.episode_tail
    for run, recovered in runs_below(picture.counts, picture.limits):
        onset = run[0].when
        exposure = by_start.at(onset, tail)
        before_any = bool(intervals) and not any(each.has_begun_before(onset) for each in intervals)
        if exposure is not None or before_any:
            yield Course(run, recovered, exposure, intervals)
