"""When a card is the same as an hour ago, and when it is another one: row by row, against the table."""

from datetime import timedelta

import pytest

from cds_service.clinical.assess import NOT_ASSESSED, assess, emitted_rows
from cds_service.clinical.record import Record
from cds_service.clinical.scene import Hook
from tests.advice.writing import CARDS, extension, library, patient_on_file, written
from tests.clinical.moments import NOW
from tests.clinical.tables import FACTS, Line, read
from tests.thresholds import us_thresholds

LINES = list(read(CARDS.parent / "tests" / "advice" / "tables" / "repeats.md"))
PATIENTS = {line["row"]: line for line in LINES if line.section == "The patients"}
OF_EVERY_ROW = [line for line in LINES if line.section == "Of every row"]
OF_SOME_ROWS = [line for line in LINES if line.section == "Of some rows"]
AN_HOUR = timedelta(hours=1)


def cells(row: str) -> dict[str, str]:
    return {name: cell for name, cell in PATIENTS[row].cells.items() if name in FACTS}


def with_more(facts: dict[str, str], more: str) -> dict[str, str]:
    """ "labs: temp 39 @ 1 h ago" beside what is there."""
    column, _, items = more.partition(": ")
    return facts | {column: "; ".join(filter(None, (facts.get(column, ""), items)))}


def keys(record: Record, row: str, hook: Hook, later: timedelta = timedelta()) -> set[tuple[str, str]]:
    """Advice code and evidence key of each card of that row, as the audit looks for them."""
    cards = written(assess(record, hook, NOW + later, us_thresholds()))
    told = [(card["source"]["topic"]["code"], extension(card)) for card in cards]
    return {(code, about["evidence"]) for code, about in told if about["row"] == row}


def judged(row: str, changed: dict[str, str]) -> str:
    before, after = patient_on_file(**cells(row)), patient_on_file(**changed)
    hook = Hook.SELECT if before.drafts or after.drafts else Hook.VIEW
    first = keys(before, row, hook)
    assert len(first) == 1
    return "left out" if first <= keys(after, row, hook, AN_HOUR) else "shown again"


@pytest.mark.parametrize("row", PATIENTS)
@pytest.mark.parametrize("line", OF_EVERY_ROW, ids=lambda line: str(line["what changed"]))
def test_of_every_row(row: str, line: Line) -> None:
    changed = with_more(cells(row), line["added"]) if line["added"] else cells(row)
    assert judged(row, changed) == line["the card is"]


@pytest.mark.parametrize("line", OF_SOME_ROWS, ids=lambda line: f"{line['row']} {line['what changed']}")
def test_of_some_rows(line: Line) -> None:
    facts = cells(line["row"])
    if line["from"]:
        assert any(line["from"] in cell for cell in facts.values())
        changed = {name: cell.replace(line["from"], line["to"], 1) for name, cell in facts.items()}
    else:
        changed = with_more(facts, line["to"])
    assert judged(line["row"], changed) == line["the card is"]


def test_every_row_that_may_be_left_out_has_its_patient() -> None:
    texts = [(row, library().row(row, variant)[1]) for row, variant, code in emitted_rows() if code != NOT_ASSESSED]
    assert set(PATIENTS) == {row for row, text in texts if text.indicator != "critical"}
