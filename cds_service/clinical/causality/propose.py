"""One proposal for each low run: the inputs from the record, two methods' scores, and what a reviewer must add."""

from dataclasses import dataclass

from cds_service.clinical.causality.causes import OtherCause, other_causes
from cds_service.clinical.causality.challenge import (
    NOT_GIVEN_AGAIN,
    Again,
    Stopping,
    dechallenge_of,
    rechallenges_of,
)
from cds_service.clinical.causality.courses import Course, courses_of
from cds_service.clinical.causality.french import French, french
from cds_service.clinical.causality.naranjo import Naranjo, naranjo
from cds_service.clinical.picture import Picture

FOR_THE_REVIEWER = (
    "Was the delay very suggestive? The record can only call it compatible.",
    "Were the signs evocative of the drug? Proposed: other signs.",
    "Was there a specific test that is reliable? Proposed: none (L0).",
    "Is another cause excluded? The record shows only what was coded.",
    "Naranjo: placebo, blood concentration and dose-response cannot be read from a record.",
)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What the score would be if a later re-exposure were the one that counts."""

    again: Again
    french: French


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposal for one course. ``again`` is the re-exposure that counts: the first after it."""

    course: Course
    stopping: Stopping
    again: Again
    causes: tuple[OtherCause, ...]
    french: French
    naranjo: Naranjo
    alternatives: tuple[Alternative, ...]
    incomplete: bool
    """The counts or the orders could not be read to the end: a page that is missing may change all of it."""


def proposals(picture: Picture, most: int | None = None) -> tuple[Proposal, ...]:
    """One proposal for each low run that a reviewer would judge, the earliest first; of the latest ``most`` only.

    Each compares all counts with all later exposures: for the hundreds of runs of a long record that takes seconds.
    """
    courses = courses_of(picture)
    first = 0 if most is None else max(0, len(courses) - most)
    return tuple(_proposal(courses[place], courses[:place], picture) for place in range(first, len(courses)))


def _proposal(course: Course, earlier: tuple[Course, ...], picture: Picture) -> Proposal:
    stopping = dechallenge_of(course, picture)
    tried = rechallenges_of(course, picture)
    causes = other_causes(course, picture)
    again = tried[0] if tried else NOT_GIVEN_AGAIN

    def score(rechallenge: Again) -> French:
        return french(course.delay, stopping.answer, rechallenge.answer, other_cause=bool(causes))

    return Proposal(
        course=course,
        stopping=stopping,
        again=again,
        causes=causes,
        french=score(again),
        naranjo=naranjo(
            course.delay,
            stopping.answer,
            again.answer,
            other_causes=tuple(each.name for each in causes),
            before=any(_another_exposure(each, course) for each in earlier),
        ),
        alternatives=tuple(Alternative(each, score(each)) for each in tried[1:]),
        incomplete=not picture.read_to_the_end,
    )


def _another_exposure(earlier: Course, course: Course) -> bool:
    return earlier.exposure is not None and earlier.exposure is not course.exposure
