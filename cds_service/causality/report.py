"""Proposals as JSON members. Nothing here judges: ``clinical.causality`` did, and a reviewer will."""

from collections.abc import Iterable, Mapping
from typing import Any

from cds_service.clinical.causality.courses import Course, unrelated_runs
from cds_service.clinical.causality.french import French
from cds_service.clinical.causality.naranjo import Naranjo
from cds_service.clinical.causality.propose import FOR_THE_REVIEWER, Proposal, proposals
from cds_service.clinical.causality.rechallenge import Again
from cds_service.clinical.intervals import Interval
from cds_service.clinical.scales import grade_of
from cds_service.clinical.series import Count
from cds_service.fhir.read.remarks import Certainty, Remark
from cds_service.hooks.facts import count_json, date_json, interval_json
from cds_service.hooks.response import present
from cds_service.patient import Patient

NOT_A_VERDICT = "Proposed inputs and scores for a reviewer, never a verdict."
UNVERIFIED_CELL = "this cell of the intrinsic table was not checked at its source"
Remarks = Mapping[str, Remark]
_SUREST = tuple(Certainty)
TOO_LATE = "it began more than 10 days after the end of an exposure, or between two"


def report(patient: Patient) -> dict[str, Any]:
    """``{"note", "episodes", "notJudged", "forTheReviewer"}``; the episodes with the earliest first.

    Counts in 10*9/L, each with its ``certainty`` (stated, approximate, inferred) where a note gives one.
    ``french.I`` is None where the table is not verified.
    """
    picture = patient.picture
    found = {
        "note": NOT_A_VERDICT,
        "asOf": picture.now.isoformat(),
        "episodes": [_episode(each, patient.remarks) for each in proposals(picture)],
        "forTheReviewer": list(FOR_THE_REVIEWER),
    }
    if runs := unrelated_runs(picture):
        found["notJudged"] = [{"onset": date_json(run[0].when), "reason": TOO_LATE} for run in runs]
    return found


def _episode(proposal: Proposal, remarks: Remarks) -> dict[str, Any]:
    course = proposal.course
    return {
        "onset": date_json(course.onset),
        "nadir": _count(course.nadir, remarks),
        **_course(course, remarks),
        "delay": str(course.delay),
        "dechallenge": {"answer": str(proposal.stopping.answer), "reason": proposal.stopping.reason},
        "rechallenge": _again(proposal.again, remarks),
        **present(
            otherCauses=[{"name": each.name, "sources": list(each.sources)} for each in proposal.causes],
            laterReexposures=[
                _again(each.again, remarks) | {"french": _french(each.french)} for each in proposal.alternatives
            ],
        ),
        "french": _french(proposal.french),
        "naranjo": _naranjo(proposal.naranjo),
        "basedOnIncompleteData": proposal.incomplete,
    }


def _course(course: Course, remarks: Remarks) -> dict[str, Any]:
    return present(
        counts=[_count(each, remarks) for each in course.run],
        recovered=_count(course.recovered, remarks) if course.recovered else None,
        exposure=_interval(course.exposure, remarks) if course.exposure else None,
        onsetDelayDays=course.onset_delay,
        stopped=date_json(course.stopped) if course.stopped else None,
        daysFromStopToRecovery=course.days_to_recovery,
    )


def _count(count: Count, remarks: Remarks) -> dict[str, Any]:
    grade = grade_of(count.value, count.comparator)
    return count_json(count) | present(scale=str(grade) if grade else "") | _sure(count.sources, remarks)


def _interval(interval: Interval, remarks: Remarks) -> dict[str, Any]:
    found = interval_json(interval)
    sure = _sure(found["sources"], remarks)
    if "certainty" not in sure and (interval.start_approximate or interval.end_approximate):
        sure = {"certainty": str(Certainty.APPROXIMATE)}
    return found | sure


def _sure(sources: Iterable[str], remarks: Remarks) -> dict[str, Any]:
    """How sure the record's own note is of a fact, the least sure of several; nothing where none says so."""
    said = sorted(
        (remarks[each] for each in sources if each in remarks), key=lambda each: _SUREST.index(each.certainty)
    )
    return present(certainty=str(said[-1].certainty), remark=said[-1].text) if said else {}


def _again(again: Again, remarks: Remarks) -> dict[str, Any]:
    return present(
        answer=str(again.answer),
        reason=again.reason,
        inferred=again.inferred or None,
        lowest=_count(again.lowest, remarks) if again.lowest else None,
        exposure=_interval(again.interval, remarks) if again.interval else None,
    )


def _french(french: French) -> dict[str, Any]:
    scores = {"C": french.c, "S": french.s, "B": french.b, "I": french.i or None, "score": french.score}
    return scores if french.i else scores | {"noteOnI": UNVERIFIED_CELL}


def _naranjo(naranjo: Naranjo) -> dict[str, Any]:
    return {
        "score": naranjo.score,
        "category": naranjo.category,
        "unknown": list(naranjo.unknown),
        "items": [
            {
                "number": item.number,
                "question": item.question,
                "answer": str(item.answer),
                "points": item.points,
                "why": item.why,
            }
            for item in naranjo.items
        ],
    }
