"""What stopping (dechallenge) and giving again (rechallenge) showed, each with its reason in plain words."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from cds_service.clinical.causality.courses import Course
from cds_service.clinical.intervals import Ended, Interval, interval_of, not_after
from cds_service.clinical.neutrophils import is_low
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import When
from cds_service.clinical.series import Count
from cds_service.codes.drugs import in_group


class Dechallenge(StrEnum):
    """What happened on stopping."""

    SUGGESTIVE = "suggestive"
    INCONCLUSIVE = "inconclusive"
    NOT_SUGGESTIVE = "not suggestive"


class Rechallenge(StrEnum):
    """What happened on giving it again."""

    RECURRED = "R+"
    NONE = "R0"
    TOLERATED = "R-"


@dataclass(frozen=True, slots=True)
class Stopping:
    """The dechallenge of one course."""

    answer: Dechallenge
    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """One re-exposure after a course, None for none. ``inferred`` asks a reviewer to confirm the answer."""

    interval: Interval | None
    answer: Rechallenge
    reason: str
    lowest: Count | None = None
    inferred: bool = False


NOT_GIVEN_AGAIN = Again(None, Rechallenge.NONE, "not given again")


def dechallenge_of(course: Course, picture: Picture) -> Stopping:
    """Suggestive if recovery followed stopping within 14 days, without G-CSF and before any restart."""
    if course.exposure is None:
        return Stopping(Dechallenge.INCONCLUSIVE, "low before the first dose")
    stopped, recovered = course.stopped, course.recovered
    if stopped is None and course.exposure.ended is not Ended.OPEN:
        return Stopping(Dechallenge.INCONCLUSIVE, "the date of stopping is not known")
    if recovered is None:
        return _not_recovered(course, stopped, picture)
    if stopped is None or not recovered.when.is_after(stopped):
        return Stopping(Dechallenge.NOT_SUGGESTIVE, "recovered while anakinra was continued")
    if not not_after(recovered.when, stopped, picture.limits.dechallenge_within):
        return Stopping(Dechallenge.INCONCLUSIVE, "first normal count over 14 days after stopping")
    if _given_again_by(recovered.when, course):
        return Stopping(Dechallenge.INCONCLUSIVE, "given again before the count had recovered")
    if _g_csf(course.onset, recovered.when, picture):
        return Stopping(Dechallenge.INCONCLUSIVE, "recovered with G-CSF")
    return Stopping(Dechallenge.SUGGESTIVE, f"recovered {_days(course.days_to_recovery)} stopping")


def _not_recovered(course: Course, stopped: When | None, picture: Picture) -> Stopping:
    last = course.run[-1].when
    if stopped is None:
        return Stopping(Dechallenge.INCONCLUSIVE, "anakinra was not stopped")
    if _at_least_after(last, stopped, picture.limits.dechallenge_within) and not _given_again_by(last, course):
        return Stopping(Dechallenge.NOT_SUGGESTIVE, "still low 14 days after stopping")
    return Stopping(Dechallenge.INCONCLUSIVE, "no normal count after stopping is on file")


def rechallenges_of(course: Course, picture: Picture) -> tuple[Again, ...]:
    """Every re-exposure after the course, oldest first: the methods count the first."""
    return tuple(_again(course, interval, picture) for interval in course.later)


def _again(course: Course, interval: Interval, picture: Picture) -> Again:
    tail = picture.limits.episode_tail
    following = [each for each in course.later if each.start and interval.start and each.start.at > interval.start.at]
    during = [
        count
        for count in picture.counts
        if interval.has_begun_before(count.when)
        and (interval.end is None or not_after(count.when, interval.end, tail))
        and not any(each.has_begun_before(count.when) for each in following)
    ]
    own = [count for count in during if count not in course.run]
    lowest = min(own, key=lambda count: (count.value, count.certain), default=None)
    if lowest is not None and is_low(lowest, picture.limits):
        return Again(interval, Rechallenge.RECURRED, f"fell to {lowest.comparator}{lowest.value} again", lowest)
    if len(own) < len(during):
        return Again(interval, Rechallenge.NONE, "given again before the count had recovered", lowest)
    if lowest is None:
        return Again(interval, Rechallenge.NONE, "given again, and no count since is on file")
    return _not_low_again(interval, own, lowest, picture)


def _not_low_again(interval: Interval, counts: list[Count], lowest: Count, picture: Picture) -> Again:
    limits = picture.limits
    if interval.start and _at_least_after(counts[-1].when, interval.start, limits.rechallenge_at_least):
        reason = f"tolerated over 3 days or more, none below {limits.anc_low}"
        return Again(interval, Rechallenge.TOLERATED, reason, lowest)
    if any(count.value >= limits.leucocytosis_anc_from for count in counts) or _leucocytosis(interval, picture):
        reason = "given again with leucocytosis, counts over less than 3 days"
        return Again(interval, Rechallenge.TOLERATED, reason, lowest, inferred=True)
    return Again(interval, Rechallenge.NONE, "given again, counts over less than 3 days", lowest)


def _leucocytosis(interval: Interval, picture: Picture) -> bool:
    return any(
        result.analyte == "wbc"
        and result.usable
        and result.value is not None
        and result.when is not None
        and result.value >= picture.limits.leucocytosis_wbc_from
        and interval.has_begun_before(result.when)
        and (interval.end is None or not result.when.is_after(interval.end))
        for result in picture.record.results
    )


def _given_again_by(when: When, course: Course) -> bool:
    return any(each.has_begun_before(when) for each in course.later)


def _g_csf(onset: When, recovered: When, picture: Picture) -> bool:
    """G-CSF given at any time between the first low count and the recovery."""
    for medication in picture.record.medications:
        if in_group(medication.drug.name, "g-csf") and (given := interval_of(medication, picture.now)) is not None:
            begun = given.has_begun_before(recovered)
            over = given.end is not None and given.ended is not Ended.OPEN and onset.is_after(given.end)
            if begun and not over:
                return True
    return False


def _at_least_after(when: When, base: When, span: timedelta) -> bool:
    """``when`` is ``span`` or more after ``base``; by calendar days where either has day precision."""
    if when.exact and base.exact:
        return when.at >= base.at + span
    return when.day >= base.day + span


def _days(days: int | None) -> str:
    if not days:
        return "on the day of"
    return "1 day after" if days == 1 else f"{days} days after"
