"""What is left of an assessment where some advice must not be given: said to be unknown, never left out in silence."""

from collections.abc import Iterable
from dataclasses import replace

from cds_service.clinical.assess import not_assessed
from cds_service.clinical.findings import Answer, Assessment, Finding, Outcome
from cds_service.clinical.record import Draft

SWITCHED_OFF = "switched off here"


def without(assessment: Assessment, off: frozenset[str]) -> Assessment:
    """In place of the findings of these advice codes there is one that says "not assessed", as nothing may look clear.

    Their rules answer NOT EVALUATED. ``unsaid`` keeps them: another card may depend on what is behind one (a hold is
    not recommended with MAS in question).
    """
    unsaid = tuple(finding for finding in assessment.findings if finding.code in off)
    if not unsaid:
        return assessment
    said = (finding for finding in assessment.findings if finding.code not in off)
    instead = not_assessed(assessment.hook, _reason(unsaid), tuple(_drafts(unsaid)))
    rules = {finding.row for finding in unsaid}
    outcomes = tuple(_unknown(each) if each.rule in rules else each for each in assessment.outcomes)
    return replace(assessment, findings=(instead, *said), outcomes=outcomes, unsaid=unsaid)


def _reason(unsaid: tuple[Finding, ...]) -> str:
    codes = list(dict.fromkeys(finding.code for finding in unsaid))
    if len(codes) > 1:
        return f"{len(codes)} kinds of advice are {SWITCHED_OFF}"
    return f"the advice {codes[0]} is {SWITCHED_OFF}"


def _drafts(unsaid: Iterable[Finding]) -> Iterable[Draft]:
    seen: dict[str, Draft] = {}
    for finding in unsaid:
        seen |= {draft.source: draft for draft in finding.drafts}
    return seen.values()


def _unknown(outcome: Outcome) -> Outcome:
    found = outcome.answer is Answer.FINDING
    return outcome._replace(answer=Answer.NOT_EVALUATED, reason=SWITCHED_OFF) if found else outcome
