"""One assessment: the base rows, then the overlays, then what could not be assessed.

``assess`` is the whole clinical core in one call: a record, a hook, the time and the limits in; findings out.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from cds_service.clinical.findings import Answer, Assessment, Finding, Outcome
from cds_service.clinical.gaps import FOREIGN_DATA, Gaps, gaps_of, reason_of, why_not_assessed
from cds_service.clinical.overlays import OVERLAYS
from cds_service.clinical.picture import Picture
from cds_service.clinical.questions import Question, answer_of, questions
from cds_service.clinical.record import Draft, Record
from cds_service.clinical.rows import ANAKINRA_VIEW, BLOCKS, Block, Row, rests_on_low_count
from cds_service.clinical.scene import Chosen, Hook, Scene
from cds_service.clinical.state import State
from cds_service.clinical.thresholds import Thresholds

NOT_ASSESSED = "not-assessed"


def assess(record: Record, hook: Hook, now: datetime, limits: Thresholds) -> Assessment:
    """Everything there is to say at this hook call, each rule with its answer."""
    picture = Picture(record, now, limits)
    gaps = gaps_of(picture)
    drafts = tuple(each for each in record.drafts if not each.ends and not each.foreign)
    findings: list[Finding] = []
    outcomes: list[Outcome] = []
    base: list[Chosen] = []
    for question in questions(picture, hook, drafts):
        chosen, block = answer_of(picture, question)
        base.append(chosen)
        finding, outcome = _base_finding(question, chosen, block, gaps, hook)
        outcomes.append(outcome)
        if finding is not None:
            _add(finding, findings)
    scene = Scene(picture, hook, drafts, tuple(base))
    reads_all = False
    for finding, outcome, beyond in _overlays(scene, gaps):
        outcomes.append(outcome)
        reads_all |= beyond
        if finding is not None:
            findings.append(finding)
    if not findings and (why := _why_no_silence(record, outcomes, gaps)):
        findings.append(not_assessed(hook, why, drafts))
    firm = bool(base) and all(rests_on_low_count(chosen.row, chosen.state) for chosen in base)
    return Assessment(picture, hook, tuple(findings), tuple(outcomes), firm=firm, reads_all=reads_all)


def emitted_rows() -> Iterator[tuple[str, str, str]]:
    """Every (row id, variant, code) that an assessment can contain: what ``cards/`` must cover, no more and no less."""
    seen = {(row.id, row.variant, row.code) for block in BLOCKS.values() for row in block if row.code}
    seen |= {(overlay.id, variant, overlay.code) for overlay in OVERLAYS for variant in overlay.variants}
    seen |= {("NA", "view", NOT_ASSESSED), ("NA", "order", NOT_ASSESSED)}
    yield from sorted(seen)


def _base_finding(
    question: Question, chosen: Chosen, block: Block, gaps: Gaps, hook: Hook
) -> tuple[Finding | None, Outcome]:
    row, state = chosen.row, chosen.state
    unknown = why_not_assessed(block, row, state, gaps)
    if unknown:
        return not_assessed(hook, unknown, question.drafts), Outcome(
            row.id, Answer.NOT_EVALUATED, unknown, question.drug
        )
    if not row.code:
        return None, Outcome(row.id, Answer.CLEAR, _why_clear(row, state), question.drug)
    finding = Finding(
        row=row.id,
        code=row.code,
        variant=row.variant,
        drug=question.drug,
        drafts=question.drafts,
        basis=question.basis,
        state=state,
        continuation=bool(question.drafts) and question.block is ANAKINRA_VIEW,
        incomplete=_incomplete(gaps),
    )
    return finding, Outcome(row.id, Answer.FINDING, f"latest count: {state.anc}", question.drug)


def _why_clear(row: Row, state: State) -> str:
    return f"latest count: {state.anc}" if row.id != "PV0" else "neither anakinra nor tocilizumab in use"


def _add(finding: Finding, findings: list[Finding]) -> None:
    """Rows OU2 and NA are said once, however many drugs are ordered; the card is then about all those orders."""
    for place, said in enumerate(findings):
        if finding.row in ("OU2", "NA") and said.row == finding.row and said.facts == finding.facts:
            findings[place] = said._replace(drafts=said.drafts + finding.drafts)
            return
    findings.append(finding)


def _overlays(scene: Scene, gaps: Gaps) -> Iterator[tuple[Finding | None, Outcome, bool]]:
    """Each overlay's answer, and whether it applies and reads more than the required keys, as T1 and B1 do not."""
    for overlay in OVERLAYS:
        verdict = overlay.evaluate(scene)
        answer, reason = verdict.answer, verdict.reason
        if answer is Answer.CLEAR and gaps.foreign and verdict.applies:
            answer, reason = Answer.NOT_EVALUATED, FOREIGN_DATA
        found = answer is Answer.FINDING
        yield (
            Finding(
                row=overlay.id,
                code=overlay.code,
                variant=verdict.variant,
                drafts=verdict.drafts,
                facts=verdict.facts,
                sources=verdict.sources,
                incomplete=_incomplete(gaps),
            )
            if found
            else None,
            Outcome(overlay.id, answer, reason),
            verdict.applies and not overlay.needed_for_clear,
        )


def _incomplete(gaps: Gaps) -> tuple[str, ...]:
    both = (("neutrophils", gaps.counts), ("medications", gaps.medications))
    return tuple(reason_of(key, completeness) for key, completeness in both if not completeness.complete)


def _why_no_silence(record: Record, outcomes: Iterable[Outcome], gaps: Gaps) -> str:
    """Why an answer without cards would be a false all-clear, if it would."""
    if gaps.unidentified:
        return gaps.unidentified
    if record.drafts and all(draft.foreign for draft in record.drafts):
        return "the orders are about another patient"
    needed = {overlay.id for overlay in OVERLAYS if overlay.needed_for_clear}
    return next((each.reason for each in outcomes if each.rule in needed and each.answer is Answer.NOT_EVALUATED), "")


def not_assessed(hook: str, reason: str, drafts: tuple[Draft, ...]) -> Finding:
    """What stands in place of an answer, and says that there is none."""
    return Finding(
        row="NA",
        code=NOT_ASSESSED,
        variant="view" if hook == Hook.VIEW else "order",
        drafts=drafts,
        facts={"reason": reason},
    )
