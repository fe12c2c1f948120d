"""What stopping (dechallenge) showed, with its reason in plain words."""

from dataclasses import dataclass
from enum import StrEnum

from cds_service.clinical.causality.courses import Course
from cds_service.clinical.intervals import Ended, Interval, at_least_after, interval_of, not_after
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import When
from cds_service.codes.drugs import in_group


class Dechallenge(StrEnum):
    """What happened on stopping."""

    SUGGESTIVE = "suggestive"
    INCONCLUSIVE = "inconclusive"
    NOT_SUGGESTIVE = "not suggestive"


@dataclass(frozen=True, slots=True)
class Stopping:
    """The dechallenge of one course."""

    answer: Dechallenge
    reason: str


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
    if _given_again_by(recovered, course.later):
        return Doubt.GIVEN_AGAIN
    return Doubt.G_CSF if _g_csf(recovered, picture) else Doubt.NONE


def _continued() -> Stopping:
    return Stopping(Dechallenge.NOT_SUGGESTIVE, "recovered while anakinra was continued")


def _still_low(course: Course, stopped: When, picture: Picture) -> bool:
    """A low count 14 days or more after stopping, before any restart."""
    later = course.later
    return any(
        at_least_after(low.when, stopped, picture.limits.dechallenge_within) and not _given_again_by(low.when, later)
        for low in course.run
    )


def _given_again_by(when: When, later: tuple[Interval, ...]) -> bool:
    return any(each.has_begun_before(when) for each in later)


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
