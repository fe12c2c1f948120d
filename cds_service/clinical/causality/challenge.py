"""What stopping (dechallenge) and giving again (rechallenge) showed, each with its reason in plain words."""

from dataclasses import dataclass
from enum import StrEnum

from cds_service.clinical.causality.courses import Course
from cds_service.clinical.intervals import Ended, Interval, at_least_after, interval_of, not_after
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
    if course.exposure.ended is Ended.OPEN:
        return _continued() if recovered else Stopping(Dechallenge.INCONCLUSIVE, "anakinra was not stopped")
    if stopped is None:
        return Stopping(Dechallenge.INCONCLUSIVE, "the date of stopping is not known")
    if recovered is not None and stopped.is_after(recovered.when):
        return _continued()
    doubt = _doubt(course, stopped, picture)
    if not doubt:
        return Stopping(Dechallenge.SUGGESTIVE, f"recovered {_days(course.days_to_recovery)} stopping")
    if doubt is not Doubt.G_CSF and _still_low(course, stopped, picture):
        return Stopping(Dechallenge.NOT_SUGGESTIVE, "still low 14 days after stopping")
    return Stopping(Dechallenge.INCONCLUSIVE, doubt)


class Doubt(StrEnum):
    """Why a recovery does not speak for the drug."""

    NONE = ""
    NOT_RECOVERED = "no normal count after stopping is on file"
    SAME_DAY = "recovered on the day of stopping, perhaps before it"
    LATE = "first normal count over 14 days after stopping"
    GIVEN_AGAIN = "given again before the count had recovered"
    G_CSF = "recovered with G-CSF"


def _doubt(course: Course, stopped: When, picture: Picture) -> Doubt:
    if course.recovered is None:
        return Doubt.NOT_RECOVERED
    recovered = course.recovered.when
    if not recovered.is_after(stopped):
        return Doubt.SAME_DAY
    if not not_after(recovered, stopped, picture.limits.dechallenge_within):
        return Doubt.LATE
    if _given_again_by(recovered, course):
        return Doubt.GIVEN_AGAIN
    return Doubt.G_CSF if _g_csf(recovered, picture) else Doubt.NONE


def _continued() -> Stopping:
    return Stopping(Dechallenge.NOT_SUGGESTIVE, "recovered while anakinra was continued")


def _still_low(course: Course, stopped: When, picture: Picture) -> bool:
    """A low count 14 days or more after stopping, before any restart."""
    return any(
        at_least_after(low.when, stopped, picture.limits.dechallenge_within) and not _given_again_by(low.when, course)
        for low in course.run
    )


def rechallenges_of(course: Course, picture: Picture) -> tuple[Again, ...]:
    """Every re-exposure after the course, oldest first: the methods count the first.

    None for a run that was low before the first dose: what came then was no re-exposure.
    """
    if course.exposure is None:
        return ()
    return tuple(_again(interval, course, picture) for interval in course.later)


def _again(interval: Interval, course: Course, picture: Picture) -> Again:
    limits, recurred = picture.limits, _recurrence(interval, picture)
    counts = [count for count in picture.counts if _on_it(count.when, interval, course)]
    lowest = min(recurred or counts, key=lambda count: (count.value, count.certain), default=None)
    if recurred and lowest is not None:
        return Again(interval, Rechallenge.RECURRED, f"fell to {lowest.comparator}{lowest.value} again", lowest)
    if any(is_low(count, limits) for count in counts):
        return Again(interval, Rechallenge.NONE, "given again before the count had recovered", lowest)
    if counts and interval.start and at_least_after(counts[-1].when, interval.start, limits.rechallenge_at_least):
        reason = f"tolerated over 3 days or more, none below {limits.anc_low}"
        return Again(interval, Rechallenge.TOLERATED, reason, lowest)
    so_far = "counts over less than 3 days" if counts else "and no count on it is on file"
    if _leucocytosis(interval, counts, course, picture):
        return Again(interval, Rechallenge.TOLERATED, f"given again with leucocytosis, {so_far}", lowest, inferred=True)
    return Again(interval, Rechallenge.NONE, f"given again, {so_far}", lowest)


def _recurrence(interval: Interval, picture: Picture) -> list[Count]:
    """The low counts of the runs that began on this exposure, or at most 10 days after it."""
    return [count for each in picture.history.episodes if each.interval is interval for count in each.counts]


def _on_it(when: When, interval: Interval, course: Course) -> bool:
    """After the start of a re-exposure, not after its end, and before the next began."""
    if not interval.has_begun_before(when) or (interval.end is not None and when.is_after(interval.end)):
        return False
    start = interval.start
    return start is None or not any(
        each.start is not None and each.start.at > start.at and each.has_begun_before(when) for each in course.later
    )


def _leucocytosis(interval: Interval, counts: list[Count], course: Course, picture: Picture) -> bool:
    limits = picture.limits
    return any(count.value >= limits.leucocytosis_anc_from for count in counts) or any(
        result.analyte == "wbc"
        and result.usable
        and result.value is not None
        and result.when is not None
        and result.value >= limits.leucocytosis_wbc_from
        and not result.comparator.startswith("<")
        and _on_it(result.when, interval, course)
        for result in picture.record.results
    )


def _given_again_by(when: When, course: Course) -> bool:
    return any(each.has_begun_before(when) for each in course.later)


def _g_csf(recovered: When, picture: Picture) -> bool:
    """G-CSF given at most 14 days before the recovery, or perhaps then: it raises the count by itself."""
    for medication in picture.record.medications:
        if in_group(medication.drug.name, "g-csf") and (given := interval_of(medication, picture.now)) is not None:
            begun = given.start is None or not given.start.is_after(recovered)
            over = given.end is not None and not not_after(recovered, given.end, picture.limits.gcsf_within)
            if begun and not over:
                return True
    return False


def _days(days: int | None) -> str:
    if not days:
        return "on the day of"
    return "1 day after" if days == 1 else f"{days} days after"
