"""The draft orders of tocilizumab and of an anakinra rechallenge: a dose only where somebody gives one."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cds_service.advice.resources import is_reference
from cds_service.clinical.record import Dose, Kind, Record
from tests.advice.writing import patient_on_file, taken
from tests.clinical.moments import when

HELD = "anakinra on-hold from day -60 until day -6 (reason neutropenia)"
RECOVERED = {"orders": HELD, "counts": "0.8 @ day -7; 2.4 @ day -1"}
START_LABS = "platelets 200 @ day -2; ALT 20 @ day -2 (ULN 40); AST 20 @ day -2 (ULN 40)"

TOCILIZUMAB_DOSES = [
    (
        "sjia",
        "2015-01-01",
        "weight 29.9 @ day -9",
        "below 30 kg): 12 mg/kg intravenously every 2 weeks; weight on file 29.9",
    ),
    (
        "sjia",
        "2015-01-01",
        "weight 30 @ day -9",
        "from 30 kg): 8 mg/kg intravenously every 2 weeks; weight on file 30 kg",
    ),
    ("sjia", "2015-01-01", "weight 29.96 @ day -9", "12 mg/kg"),
    ("sjia", "2015-01-01", "weight 30 @ day -91", "Dose: to be decided."),
    ("sjia", "2015-01-01", "weight <30 @ day -9", "Dose: to be decided."),
    ("sjia", "2015-01-01", "", "Dose: to be decided."),
    ("sjia", "2024-12-01", "weight 10 @ day -9", "Dose: to be decided."),
    ("sjia", "", "weight 30 @ day -9", "Dose: to be decided."),
    ("aosd", "2015-01-01", "weight 30 @ day -9", "Dose: to be decided."),
    ("sjia (inactive)", "2015-01-01", "weight 30 @ day -9", "Dose: to be decided."),
]


@pytest.mark.parametrize(("condition", "born", "weight", "text"), TOCILIZUMAB_DOSES)
def test_a_tocilizumab_dose_only_where_the_label_gives_one(condition: str, born: str, weight: str, text: str) -> None:
    record = patient_on_file(**RECOVERED, labs=f"{START_LABS}; {weight}", conditions=condition, born=born)
    draft = taken("rechallenge-or-switch", "Switch to tocilizumab", record)[0]
    assert text in draft["dosageInstruction"][0]["text"]
    assert draft["medicationCodeableConcept"]["text"] == "tocilizumab"
    assert "stop the held anakinra order" in draft["note"][0]["text"]


@pytest.mark.parametrize("gaps", ["vitals partial", "patient partial"])
def test_no_dose_where_weight_or_age_could_not_be_read_in_full(gaps: str) -> None:
    record = patient_on_file(
        **RECOVERED, labs=f"{START_LABS}; weight 30 @ day -9", conditions="sjia", born="2015-01-01", gaps=gaps
    )
    draft = taken("rechallenge-or-switch", "Switch to tocilizumab", record)[0]
    assert draft["dosageInstruction"][0]["text"].startswith("Dose: to be decided.")


def rechallenge(record: Record) -> dict[str, Any]:
    return taken("rechallenge-or-switch", "Plan a rechallenge", record)[0]


@pytest.mark.parametrize(
    ("dose", "said"),
    [
        (Dose(Decimal("100"), "mg"), "of the previous dose (50 mg)."),
        (Dose(Decimal("2.5"), "mg/kg/d"), "of the previous dose (1.25 mg/kg/d)."),
        (Dose(Decimal("1"), "{syringe}"), "of the previous dose."),
        (None, "of the previous dose."),
    ],
)
def test_a_rechallenge_names_half_of_a_structured_dose_and_orders_none(dose: Dose | None, said: str) -> None:
    record = patient_on_file(**RECOVERED)
    dosed = replace(record, medications=tuple(replace(each, dose=dose) for each in record.medications))
    draft = rechallenge(dosed)
    assert draft["note"][0]["text"].endswith(said)
    assert draft["dosageInstruction"] == [{"text": "Dose: specialist decision."}]
    assert draft["priorPrescription"] == {"reference": "MedicationRequest/1"}


def test_the_dose_is_that_of_the_order_written_last() -> None:
    record = patient_on_file(**RECOVERED)
    (order,) = record.medications
    later = replace(order, authored=when("day -30"), dose=Dose(Decimal(60), "mg"), source="MedicationRequest/2")
    draft = rechallenge(replace(record, medications=(later, replace(order, dose=Dose(Decimal(100), "mg")))))
    assert "(30 mg)" in draft["note"][0]["text"]
    assert draft["priorPrescription"] == {"reference": "MedicationRequest/2"}


def test_a_held_order_that_cannot_be_named_is_no_prior_prescription() -> None:
    record = patient_on_file(**RECOVERED)
    unnamed = tuple(replace(each, source="urn:uuid:1") for each in record.medications)
    assert "priorPrescription" not in rechallenge(replace(record, medications=unnamed))


def test_doses_given_are_no_prescription() -> None:
    record = patient_on_file(**RECOVERED)
    given_ = tuple(replace(each, kind=Kind.STATEMENT, bounds_end=each.status_changed) for each in record.medications)
    stated = replace(record, medications=tuple(replace(each, bounds_start=each.authored) for each in given_))
    assert "priorPrescription" not in rechallenge(stated)


@pytest.mark.parametrize(
    ("source", "named"),
    [("MedicationRequest/1", True), ("urn:uuid:1", False), ("/1", False), ("A/", False), ("", False)],
)
def test_a_reference_is_type_and_id(source: str, named: bool) -> None:
    assert is_reference(source) is named
