"""What else on record could have lowered the neutrophils: other drugs and conditions around a low run."""

from collections.abc import Iterator
from dataclasses import dataclass

from cds_service.clinical.causality.courses import Course
from cds_service.clinical.intervals import Ended, interval_of, not_after
from cds_service.clinical.picture import ANAKINRA, Picture
from cds_service.clinical.record import Condition, Medication
from cds_service.codes.drugs import in_group

_CAUSES = {
    "hlh": "MAS or HLH",
    "chemo-neutropenia": "chemotherapy",
    "duffy-null": "Duffy-null",
}
_EARLIER = "neutropenia before the first dose"


@dataclass(frozen=True, slots=True)
class OtherCause:
    """One possible cause beside anakinra, by name, with the resources that speak of it."""

    name: str
    sources: tuple[str, ...]


def other_causes(course: Course, picture: Picture) -> tuple[OtherCause, ...]:
    """Drugs that can lower neutrophils, given around the run, and conditions on record by then; sorted by name."""
    found: dict[str, tuple[str, ...]] = {}
    for name, source in (*_drugs(course, picture), *_conditions(course, picture)):
        found[name] = (*found.get(name, ()), source)
    return tuple(OtherCause(name, tuple(sorted(set(found[name])))) for name in sorted(found))


def _drugs(course: Course, picture: Picture) -> Iterator[tuple[str, str]]:
    for medication in picture.record.medications:
        name = medication.drug.name
        # The other biologics lower neutrophils too: their labels say so, tocilizumab's with limits.
        can = in_group(name, "confounder") or (in_group(name, "biologic") and name != ANAKINRA)
        if can and _around(medication, course, picture):
            yield name, medication.source


def _around(medication: Medication, course: Course, picture: Picture) -> bool:
    """Begun before the run was over, and still given at most 30 days before it began."""
    given = interval_of(medication, picture.now)
    if given is None or not given.has_begun_before(course.last):
        return False
    if given.ended is Ended.OPEN or given.end is None:
        return True
    return not_after(course.onset, given.end, picture.limits.other_cause_within)


def _conditions(course: Course, picture: Picture) -> Iterator[tuple[str, str]]:
    for condition in picture.record.conditions:
        known = condition.onset or condition.recorded
        by_then = known is None or not known.is_after(course.last)
        for kind, name in _CAUSES.items():
            if kind in condition.kinds and (by_then or kind == "duffy-null"):  # inborn, whenever it was recorded
                yield name, condition.source
        if _came_before_the_drug(condition, picture):
            yield _EARLIER, condition.source


def _came_before_the_drug(condition: Condition, picture: Picture) -> bool:
    known = condition.onset or condition.recorded
    if "neutropenia" not in condition.kinds or known is None or not picture.anakinra.intervals:
        return False
    starts = [each.start for each in picture.anakinra.intervals if each.start is not None]
    return bool(starts) and all(start.is_after(known) for start in starts)
