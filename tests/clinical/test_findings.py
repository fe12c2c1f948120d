"""What a finding carries for its card, and the smaller questions the cards ask of a picture."""

from decimal import Decimal

import pytest

from cds_service.clinical.assess import emitted_rows
from cds_service.clinical.findings import Finding
from cds_service.clinical.labs import above, ratio
from cds_service.clinical.liver import start_labs_within_limits
from cds_service.clinical.questions import concerns_us
from cds_service.clinical.record import Result
from cds_service.clinical.scales import grade_of
from cds_service.clinical.state import Basis

from .answers import assessed, library, limits, picture_of
from .notation import patient
from .order_notation import drafts, orders
from .tables import Line, lines, name_of

ON, TWO_ORDERS = "anakinra active from day -60", "anakinra active from day -60; anakinra active from day -30"
MAS_LABS = "ferritin 900 @ day -1; platelets 80 @ day -1; AST 900 @ day -1 (ULN 40)"


def found(row: str, **cells: str) -> Finding:
    return next(each for each in assessed(patient(**cells)).findings if each.row == row)


@pytest.mark.parametrize("line", lines("scales"), ids=name_of)
def test_named_scale(line: Line) -> None:
    sign = "".join(letter for letter in line["count"] if letter in "<>=")
    grade = grade_of(Decimal(line["count"].removeprefix(sign)), sign)
    assert str(grade or "") == line["scale"]


@pytest.mark.parametrize("line", lines("whom-it-concerns"), ids=name_of)
def test_whom_an_order_concerns(line: Line) -> None:
    assert concerns_us(drafts(line["ordered"], orders(ON))) == (line["looked at"] == "yes")


@pytest.mark.parametrize("line", lines("switch-offer"), ids=name_of)
def test_labs_that_allow_a_switch(line: Line) -> None:
    assert start_labs_within_limits(picture_of(line.record)) == (line["labs allow it"] == "yes")


def test_every_row_has_its_card_and_every_card_its_row() -> None:
    library().check_covers(emitted_rows())


def test_base_cards_come_before_overlays_in_the_order_of_the_specification() -> None:
    record = patient(orders=f"{ON}; etanercept active from day -9", counts="0.4 @ day -1", labs=MAS_LABS)
    assert [each.row for each in assessed(record).findings] == ["PV10", "M1b", "T1", "L3"]


def test_a_continuation_says_so_and_names_its_order() -> None:
    finding = found("PV9", orders=ON, ordered="anakinra", counts="0.9 @ day -1")
    assert finding.continuation
    assert [each.source for each in finding.drafts] == ["MedicationRequest/draft-1"]
    assert finding.basis is Basis.ON


def test_a_card_on_the_chart_is_about_no_order() -> None:
    finding = found("PV9", orders=ON, counts="0.9 @ day -1")
    assert (finding.continuation, finding.drafts) == (False, ())


def test_what_is_said_once_is_about_all_its_orders() -> None:
    finding = found("OU2", orders=ON, ordered="clozapine; methotrexate", counts="unreadable @ day -1")
    assert [each.drug.name for each in finding.drafts if each.drug] == ["clozapine", "methotrexate"]


def test_a_card_that_could_not_be_assessed_gives_its_reason() -> None:
    finding = found("NA", orders=ON, counts="3.0 @ day -1", gaps="neutrophils partial")
    assert finding.facts["reason"] == "neutrophil counts incomplete (it timed out)"
    finding = found("NA", orders=ON, counts="3.0 @ day -1", gaps="neutrophils foreign")
    assert finding.facts["reason"] == "another patient's data among the neutrophil counts"


@pytest.mark.parametrize(
    ("row", "cells", "facts"),
    [
        ("B1", {"orders": ON, "ordered": "tocilizumab"}, {"drug": "tocilizumab", "other": "anakinra"}),
        ("B1", {"ordered": "sarilumab; tocilizumab"}, {"drug": "sarilumab", "other": "tocilizumab"}),
        ("R1", {"ordered": "anakinra", "labs": "eGFR 21 @ day -1"}, {"egfr": Decimal(21)}),
        (
            "L3",
            {"ordered": "anakinra", "labs": "ALT 80 @ day -1 (ULN 40); AST 90 @ day -1 (ULN 30)"},
            {"analyte": "AST", "ratio": Decimal(3)},
        ),
        (
            "L1",
            {"ordered": "tocilizumab", "labs": "platelets 80 @ day -1; ALT 80 @ day -1 (ULN 40)"},
            {"platelets": Decimal(80), "analyte": "ALT", "ratio": Decimal(2)},
        ),
        (
            "G1",
            {
                "orders": "prednisone active from day -8; filgrastim given day -3; filgrastim given day -2",
                "ordered": "anakinra",
                "counts": "2.5 @ day -1",
            },
            {"list": ("prednisone", "filgrastim")},
        ),
    ],
)
def test_facts_of_an_overlay(row: str, cells: dict[str, str], facts: dict[str, object]) -> None:
    assert found(row, **cells).facts == facts


def test_pending_counts_are_named_and_no_others() -> None:
    picture = picture_of(patient(counts="pending 0.4 @ now; 0.9 @ day -1", labs="pending ferritin 900 @ now"))
    assert [each.value for each in picture.pending] == [Decimal("0.4")]


def test_active_confounders_are_named() -> None:
    picture = picture_of(
        patient(orders=f"{ON}; methotrexate active from day -9; clozapine stopped from day -9 until day -3")
    )
    assert [each.name for each in picture.confounders] == ["methotrexate"]


def test_active_orders_are_the_requests_a_hold_would_change() -> None:
    doses = f"{TWO_ORDERS}; anakinra given day -3; anakinra reported from day -9"
    assert [each.source for each in picture_of(patient(orders=doses)).anakinra.active_orders] == [
        "MedicationRequest/1",
        "MedicationRequest/2",
    ]
    held = "anakinra on-hold from day -60 until day -3 (reason neutropenia)"
    assert picture_of(patient(orders=held)).anakinra.active_orders == ()


def test_a_result_without_a_number_decides_nothing() -> None:
    empty = Result(analyte="ferritin", source="Observation/1")
    assert above(empty, Decimal(684)) is None
    assert ratio(empty) is None


def test_no_rule_looks_back_further_for_a_lab_than_a_reader_is_told() -> None:
    spans = [name for name in type(limits()).__slots__ if name.endswith(("_within", "_temperatures", "_labs_current"))]
    assert limits().longest_look_back == max(getattr(limits(), name) for name in spans)
