"""Every row that a rule can emit becomes a card within its limits, with the longest and strangest values too."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.clinical.assess import emitted_rows
from cds_service.clinical.findings import Fact, Finding
from cds_service.clinical.overlays import OVERLAYS
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Completeness, Dose, Draft, DrugMatch, Extent, Matched, Record
from cds_service.clinical.scene import Hook
from cds_service.clinical.state import Basis, state_of
from tests.advice.test_markdown import HOSTILE, harmful
from tests.advice.writing import assessed, card_about, patient_on_file, written
from tests.clinical.moments import NOW
from tests.clinical.patients import patients
from tests.thresholds import us_thresholds

ROWS = list(emitted_rows())
WITHOUT_STATE = {"NA"} | {overlay.id for overlay in OVERLAYS}
DETAIL_LIMIT = 3100  # everything at once; the two lines on causality stand on the longest cards
"""Of a record that has everything at once; any real card is far shorter (see the story and property tests)."""

EVERYTHING = patient_on_file(
    orders="anakinra on-hold from day -100 until day -90; anakinra on-hold from day -60 until day -6 "
    "(reason neutropenia); methotrexate active from day -90; mercaptopurine active from day -90; azathioprine active; "
    "colchicine active; clozapine active; ruxolitinib active; sulfasalazine active; tocilizumab active from day -3",
    counts="0.75 @ day -91; 2.0 @ day -88; 12.125 @ day -30; 1.1234 @ day -7; 0.4567 @ day -6; 0.32 @ day -5 10:00; "
    "<0.125 @ day -2 08:10; unreadable @ 2 h ago; unreadable @ 1 h ago; pending 0.4 @ 30 min ago",
    labs="ferritin 1234567.891 @ 1 d ago; platelets 98.5 @ 1 d ago; AST 1234.5 @ 1 d ago (ULN 40); "
    "ALT 999 @ 2 d ago (ULN 41); TG 221.425 @ 1 d ago; temp 39.4567 @ 2 h ago; eGFR 24.75123 @ 3 d ago",
    conditions="fever (recorded 2 h ago); aosd; duffy-null",
    born="2019-05-06",
)
FACTS: dict[str, Fact] = {
    "reason": "neutrophil counts not available (" + "the server did not answer, " * 9 + ")",
    "drug": "mycophenolate mofetil",
    "other": "canakinumab",
    "egfr": Decimal("24.75123"),
    "ratio": Decimal("123.456"),
    "platelets": Decimal("98.5"),
    "analyte": "ALT",
    "list": ("ferritin", "triglycerides", "fibrinogen", "ast"),
}


def finding_of(row: str, variant: str, code: str, record: Record) -> Finding:
    """A finding with everything a finding can have."""
    without_state = row in WITHOUT_STATE
    picture = Picture(record, NOW, us_thresholds())
    everything = (each.source for each in (*record.results, *record.medications, *record.conditions))
    return Finding(
        row=row,
        code=code,
        variant=variant,
        drug="" if without_state else "mycophenolate mofetil",
        state=None if without_state else state_of(picture, Basis.HELD),
        drafts=(Draft("MedicationRequest/draft-1", DrugMatch("mycophenolate mofetil", Matched.TEXT, "text")),),
        facts=FACTS if without_state else {},
        sources=tuple(everything) if without_state and row != "NA" else (),
        incomplete=("medication requests incomplete (the second page did not arrive in time)",),
    )


@pytest.mark.parametrize(("row", "variant", "code"), ROWS)
def test_a_row_with_everything_stays_within_limits(row: str, variant: str, code: str) -> None:
    card = card_about(finding_of(row, variant, code, EVERYTHING), EVERYTHING, Hook.SELECT)
    assert 20 < len(card["summary"]) < 140
    assert 200 < len(card["detail"]) < DETAIL_LIMIT
    assert "{" not in card["summary"] + card["detail"]
    assert "None" not in card["summary"] + card["detail"]
    assert card["source"]["topic"]["code"] == code
    assert "You decide." in card["detail"]
    assert "Rules 0.3.0 (us), data as of 22 Nov 2026 08:14 UTC, unreviewed content." in card["detail"]


@pytest.mark.parametrize(("row", "variant", "code"), ROWS)
def test_a_row_with_nothing_still_becomes_a_card(row: str, variant: str, code: str) -> None:
    nothing = patient_on_file()
    finding = finding_of(row, variant, code, nothing)._replace(drafts=(), sources=(), incomplete=())
    card = card_about(finding, nothing)
    assert 20 < len(card["summary"]) < 140
    assert "None" not in card["summary"] + card["detail"]


def spoiled(record: Record, text: str) -> Record:
    """Every text that a client or a server could have put into the record."""
    return replace(
        record,
        results=tuple(each._replace(as_sent=text, unusable=each.unusable and text) for each in record.results),
        conditions=tuple(replace(each, text=text) for each in record.conditions),
        medications=tuple(
            replace(each, drug=each.drug._replace(by=text), dose=Dose(Decimal(3), text)) for each in record.medications
        ),
        drafts=tuple(replace(each, unidentified=each.unidentified and text) for each in record.drafts),
        completeness={"neutrophils": Completeness(Extent.PARTIAL, text), "labs": Completeness(Extent.PARTIAL, text)},
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("row", "variant", "code"), [row for row in ROWS if row[0] in ("NA", "D1", "M1", "PV1", "PV9")]
)
def test_hostile_text_in_a_record_stays_text(row: str, variant: str, code: str, text: str) -> None:
    record = spoiled(EVERYTHING, text)
    finding = finding_of(row, variant, code, record)._replace(
        facts=FACTS | {"reason": text},
        incomplete=(f"medication requests incomplete ({text})",),
    )
    card = card_about(finding, record)
    assert harmful(card["detail"]) <= {"strong_open", "em_open", "table_open"}
    assert card["summary"].isprintable()
    assert "<script" not in card["summary"]


@given(patients(), st.text(max_size=60))
def test_no_text_of_any_record_makes_more_than_words(record: Record, text: str) -> None:
    for card in written(assessed(spoiled(record, text))):
        assert harmful(card["detail"]) <= {"strong_open", "em_open", "table_open"}
        assert card["summary"].isprintable()
        assert len(card["summary"]) < 140
