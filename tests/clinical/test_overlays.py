"""The cards beside the base rows, against the tables."""

import pytest

from cds_service.clinical.assess import Assessment
from cds_service.clinical.scene import Hook

from . import notation
from .answers import assessed, overlay_answer
from .tables import Line, lines, name_of

PATTERN_LABS = "ferritin 900 @ day -1; platelets 150 @ day -1; AST 90 @ day -1;"
FEBRILE_SJIA = {"orders": "anakinra active from day -40", "conditions": "sjia"}


def mas_answer(assessment: Assessment) -> str:
    """M1, M1b, or what both rules say."""
    said = {rule: overlay_answer(assessment, rule) for rule in ("M1", "M1b")}
    found = [rule for rule, answer in said.items() if answer == "found"]
    if not found:
        assert len(set(said.values())) == 1
        return said["M1"].replace("clear", "no")
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("line", lines("mas", "The results"), ids=name_of)
def test_mas_pattern_by_results(line: Line) -> None:
    record = notation.patient(**FEBRILE_SJIA, labs=f"temp 39 @ 1 h ago; {line['labs']}")
    assert mas_answer(assessed(record)) == line["answer"]


@pytest.mark.parametrize("line", lines("mas", "The patient"), ids=name_of)
def test_mas_pattern_by_patient(line: Line) -> None:
    cells = {name: line[name] for name in ("orders", "ordered", "conditions", "gaps")}
    record = notation.patient(**cells, labs=PATTERN_LABS + line["labs"], counts="3.0 @ day -1")
    assert mas_answer(assessed(record)) == line["answer"]


@pytest.mark.parametrize("line", lines("mas", "Low neutrophils and another falling line (M2)"), ids=name_of)
def test_mas_labs_incomplete(line: Line) -> None:
    assessment = assessed(line.record)
    answer = overlay_answer(assessment, "M2")
    if answer == "found":
        finding = next(each for each in assessment.findings if each.row == "M2")
        listed = finding.facts["list"]
        assert isinstance(listed, tuple)
        answer = f"found: {', '.join(listed)}"
    assert answer == line["answer"]


@pytest.mark.parametrize("line", lines("overlays"), ids=name_of)
def test_overlay(line: Line) -> None:
    record = line.record
    assert overlay_answer(assessed(record), line.section) == line["answer"]
    if record.drafts:
        assert overlay_answer(assessed(record, Hook.SIGN), line.section) == line["answer"]
