"""The base row of each question, and when nothing can be said, against the tables."""

import pytest

from . import notation
from .answers import OVERLAY_IDS, assessed, base_answer, listed
from .tables import Line, lines, name_of

START_LABS = "platelets 200 @ 1 d ago; ALT 20 @ 1 d ago (ULN 40)"
ORDERED = {
    "Anakinra, start or restart": "anakinra",
    "Anakinra, continued": "anakinra",
    "Tocilizumab": "tocilizumab",
    "Tocilizumab, which labs are missing": "tocilizumab",
}


@pytest.mark.parametrize("line", lines("base-rows-view"), ids=name_of)
def test_base_row_of_a_chart(line: Line) -> None:
    assert base_answer(assessed(line.record)) == [line["answer"]]


@pytest.mark.parametrize("line", lines("base-rows-orders"), ids=name_of)
def test_base_row_of_an_order(line: Line) -> None:
    record = notation.patient(
        orders=line["orders"],
        ordered=line.get("ordered") or ORDERED[line.section],
        counts=line["counts"],
        labs=START_LABS if line.section == "Tocilizumab" else line["labs"],
        conditions=line.get("conditions"),
    )
    assert base_answer(assessed(record)) == listed(line["answer"])


@pytest.mark.parametrize("line", lines("not-assessed"), ids=name_of)
def test_not_assessed(line: Line) -> None:
    assessment = assessed(line.record)
    assert base_answer(assessment, also=("T1", "B1")) == listed(line["answer"])
    base = [each for each in assessment.findings if each.row != "NA" and each.row not in OVERLAY_IDS - {"T1"}]
    assert [bool(each.incomplete) for each in base] == [line["incomplete"] == "yes"] * len(base)
