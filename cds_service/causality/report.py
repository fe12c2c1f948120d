"""Proposals as JSON members. Nothing here judges: ``clinical.causality`` did, and a reviewer will."""

from typing import Any

from cds_service.clinical.causality.challenge import Again
from cds_service.clinical.causality.courses import Course, unrelated_runs
from cds_service.clinical.causality.french import French
from cds_service.clinical.causality.naranjo import Naranjo
from cds_service.clinical.causality.propose import FOR_THE_REVIEWER, Proposal, proposals
from cds_service.clinical.picture import Picture
from cds_service.clinical.scales import grade_of
from cds_service.clinical.series import Count
from cds_service.hooks.facts import count_json, date_json, interval_json
from cds_service.hooks.response import present

NOT_A_VERDICT = "Proposed inputs and scores for a reviewer, never a verdict."
UNVERIFIED_CELL = "this cell of the intrinsic table was not checked at its source"
TOO_LATE = "it began more than 10 days after the end of an exposure, or between two"


def report(picture: Picture) -> dict[str, Any]:
    """``{"note", "episodes", "notJudged", "forTheReviewer"}``; the episodes with the earliest first.

    Counts in 10*9/L. ``french.I`` is None where the table is not verified.
    """
    found = {
        "note": NOT_A_VERDICT,
        "asOf": picture.now.isoformat(),
        "episodes": [_episode(each) for each in proposals(picture)],
        "forTheReviewer": list(FOR_THE_REVIEWER),
    }
    if runs := unrelated_runs(picture):
        found["notJudged"] = [{"onset": date_json(run[0].when), "reason": TOO_LATE} for run in runs]
    return found


def _episode(proposal: Proposal) -> dict[str, Any]:
    course = proposal.course
    return {
        "onset": date_json(course.onset),
        "nadir": _graded(course.nadir),
        **_course(course),
        "delay": str(course.delay),
        "dechallenge": {"answer": str(proposal.stopping.answer), "reason": proposal.stopping.reason},
        "rechallenge": _again(proposal.again),
        **present(
            otherCauses=[{"name": each.name, "sources": list(each.sources)} for each in proposal.causes],
            laterReexposures=[_again(each.again) | {"french": _french(each.french)} for each in proposal.alternatives],
        ),
        "french": _french(proposal.french),
        "naranjo": _naranjo(proposal.naranjo),
        "basedOnIncompleteData": proposal.incomplete,
    }


def _course(course: Course) -> dict[str, Any]:
    return present(
        counts=[count_json(each) for each in course.run],
        recovered=count_json(course.recovered) if course.recovered else None,
        exposure=interval_json(course.exposure) if course.exposure else None,
        onsetDelayDays=course.onset_delay,
        stopped=date_json(course.stopped) if course.stopped else None,
        daysFromStopToRecovery=course.days_to_recovery,
    )


def _graded(count: Count) -> dict[str, Any]:
    grade = grade_of(count.value, count.comparator)
    return count_json(count) | present(scale=str(grade) if grade else "")


def _again(again: Again) -> dict[str, Any]:
    return present(
        answer=str(again.answer),
        reason=again.reason,
        inferred=again.inferred or None,
        lowest=count_json(again.lowest) if again.lowest else None,
        exposure=interval_json(again.interval) if again.interval else None,
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
