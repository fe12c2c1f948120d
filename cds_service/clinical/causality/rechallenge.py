"""What giving it again (rechallenge) showed, with its reason in plain words."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from cds_service.clinical.causality.courses import Course
from cds_service.clinical.intervals import A_WHILE, Interval, at_least_after
from cds_service.clinical.neutrophils import is_low
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import When
from cds_service.clinical.series import Count, instant_of


class Rechallenge(StrEnum):
    """What happened on giving it again."""

    RECURRED = "R+"
    NONE = "R0"
    TOLERATED = "R-"


@dataclass(frozen=True, slots=True)
class Again:
    """One re-exposure after a course, None for none. ``inferred`` asks a reviewer to confirm the answer."""

    interval: Interval | None
    answer: Rechallenge
    reason: str
    lowest: Count | None = None
    inferred: bool = False


NOT_GIVEN_AGAIN = Again(None, Rechallenge.NONE, "not given again")


def rechallenges_of(course: Course, courses: Iterable[Course], picture: Picture) -> tuple[Again, ...]:
    """Every re-exposure after the course, oldest first: the methods count the first. ``courses``: all of them.

    None for a run that was low before the first dose: what came then was no re-exposure.
    """
    if course.exposure is None:
        return ()
    white_cells, later = _leucocytoses(picture), course.later
    return tuple(_again(_Restart.of(each, later), courses, white_cells, picture) for each in later)


class _Restart(NamedTuple):
    """One re-exposure, and those that began next: of one day, one may have a time and another not."""

    interval: Interval
    following: tuple[Interval, ...]

    @classmethod
    def of(cls, interval: Interval, later: Iterable[Interval]) -> "_Restart":
        began = interval.start.at if interval.start else None
        after = [each for each in later if began and each.start and each.start.at > began]
        first = min((each.start.day for each in after if each.start), default=None)
        return cls(interval, tuple(each for each in after if each.start and each.start.day == first))

    def has(self, when: When) -> bool:
        """After its start, not after its end, and before the next began."""
        begun, end = self.interval.has_begun_before(when), self.interval.end
        over = end is not None and when.is_after(end)
        return begun and not over and not any(each.has_begun_before(when) for each in self.following)

    def counts(self, counts: tuple[Count, ...]) -> list[Count]:
        """Those on it. A first look by instant, wider for the sake of dates without a time, spares the rest."""
        start = self.interval.start
        first = bisect_left(counts, start.at - A_WHILE, key=instant_of) if start else 0
        ends = [each.start.at for each in self.following[:1] if each.start]
        last = bisect_left(counts, ends[0] + A_WHILE, key=instant_of) if ends else len(counts)
        return [count for count in counts[first:last] if self.has(count.when)]


def _again(again: _Restart, courses: Iterable[Course], white_cells: Iterable[When], picture: Picture) -> Again:
    interval, limits = again.interval, picture.limits
    # What fell on it, or at most 10 days after it.
    recurred = [count for each in courses if each.exposure is interval for count in each.run]
    counts = again.counts(picture.counts)
    lowest = min(recurred or counts, key=lambda count: (count.value, count.certain), default=None)
    if recurred and lowest is not None:
        return Again(interval, Rechallenge.RECURRED, f"fell to {lowest.comparator}{lowest.value} again", lowest)
    if any(is_low(count, limits) for count in counts):
        return Again(interval, Rechallenge.NONE, "given again before the count had recovered", lowest)
    if counts and interval.start and at_least_after(counts[-1].when, interval.start, limits.rechallenge_at_least):
        reason = f"tolerated over 3 days or more, none below {limits.anc_low}"
        return Again(interval, Rechallenge.TOLERATED, reason, lowest)
    so_far = "counts over less than 3 days" if counts else "and no count on it is on file"
    leucocytosis = any(count.value >= limits.leucocytosis_anc_from for count in counts)
    if leucocytosis or any(map(again.has, white_cells)):
        return Again(interval, Rechallenge.TOLERATED, f"given again with leucocytosis, {so_far}", lowest, inferred=True)
    return Again(interval, Rechallenge.NONE, f"given again, {so_far}", lowest)


def _leucocytoses(picture: Picture) -> tuple[When, ...]:
    """When the white cells were many."""
    return tuple(
        result.when
        for result in picture.record.results
        if result.analyte == "wbc"
        and result.usable
        and result.value is not None
        and result.when is not None
        and result.value >= picture.limits.leucocytosis_wbc_from
        and not result.comparator.startswith("<")
    )
