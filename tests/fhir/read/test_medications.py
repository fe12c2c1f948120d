"""Which medication resources can count as exposure, and what they say."""

import json
from typing import Any

import pytest

from tests.fhir.read.sheet import bundle, coded, medications, only, quantity, record_of, request, rxnorm


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"intent": "original-order"}, True),
        ({"intent": "reflex-order"}, True),
        ({"intent": "instance-order"}, True),
        ({"intent": "plan"}, False),
        ({"intent": "plan", "reportedBoolean": True}, True),
        ({"intent": "plan", "reportedBoolean": False}, False),
        ({"intent": "plan", "reportedReference": {"reference": "Patient/p1"}}, True),
        ({"intent": "proposal"}, False),
        ({"intent": "option"}, False),
        ({"intent": "filler-order"}, False),
        ({"status": "on-hold"}, True),
        ({"status": "stopped"}, True),
        ({"status": "completed"}, True),
        ({"status": "cancelled"}, False),
        ({"status": "draft"}, False),
        ({"status": "entered-in-error"}, False),
        ({"status": "unknown"}, False),
        ({"doNotPerform": True}, False),
        ({"doNotPerform": False}, True),
    ],
)
def test_intent_and_status_decide(changes: dict[str, Any], counts: bool) -> None:
    record = record_of(medications=bundle(request(**changes)))
    assert bool(record.medications) is counts
    assert record.completeness["medications"].complete


@pytest.mark.parametrize("missing", ["status", "intent"])
def test_an_order_that_lacks_what_decides_is_named_and_makes_the_list_incomplete(missing: str) -> None:
    record = record_of(medications=bundle(request(**{missing: None})))
    assert record.medications == ()
    assert record.completeness["medications"].reason == "could not be read: MedicationRequest/mr-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "Active"}, {"status": "active "}, {"status": "ACTIVE"}, {"status": "onhold"}, {"status": ""},
        {"intent": "Order"}, {"intent": " order"}, {"intent": "prescription"}, {"intent": ""},
    ],
)  # fmt: skip
def test_an_order_of_a_status_or_intent_that_fhir_does_not_have_makes_the_list_incomplete(
    changes: dict[str, Any],
) -> None:
    record = record_of(medications=bundle(request(**changes)))
    assert record.medications == ()
    assert record.completeness["medications"].reason == "could not be read: MedicationRequest/mr-1"
    aspirin = record_of(medications=bundle(request(**changes, medicationCodeableConcept=rxnorm("1191", "aspirin"))))
    assert aspirin.completeness["medications"].complete


@pytest.mark.parametrize(
    ("reason", "given", "neutropenia"),
    [
        (None, False, False),
        ({}, False, False),
        ({"text": "improved"}, True, False),
        ({"text": "Neutropenia"}, True, True),
        ({"text": "neutrop\u00e9nie"}, True, True),
        ({"coding": [{"display": "Agranulocytosis"}]}, True, True),
        (coded("D70.2", "http://hl7.org/fhir/sid/icd-10-cm"), True, True),
        (coded("165517008", "http://snomed.info/sct"), True, True),
        (coded("409089005", "http://snomed.info/sct"), True, True),
        (coded("386661006", "http://snomed.info/sct"), True, False),
        (coded("altchoice", "http://terminology.hl7.org/CodeSystem/medicationrequest-status-reason"), True, False),
    ],
)
def test_the_reason_of_a_hold(reason: dict[str, Any] | None, given: bool, neutropenia: bool) -> None:
    medication = only(status="on-hold", statusReason=reason)
    assert (medication.has_reason, medication.reason_neutropenia) == (given, neutropenia)


@pytest.mark.parametrize(
    ("dosage", "dose"),
    [
        ({"doseAndRate": [{"doseQuantity": quantity(100, "mg")}]}, "100 mg"),
        ({"doseAndRate": [{"doseQuantity": {"value": 1, "code": "{pill}"}}]}, "1 {pill}"),
        ({"doseAndRate": [{"doseQuantity": {"value": 100}}]}, None),
        ({"doseAndRate": [{"doseQuantity": quantity("100", "mg")}]}, None),
        ({"doseAndRate": [{"doseQuantity": quantity(0, "mg")}]}, None),
        ({"doseAndRate": [{"doseRange": {"high": quantity(100, "mg")}}]}, None),
        ({"doseAndRate": []}, None),
        ({"text": "100 mg daily"}, None),
    ],
)
def test_a_dose_only_where_it_is_structured(dosage: dict[str, Any], dose: str | None) -> None:
    told = only(dosageInstruction=[dosage]).dose
    assert (f"{told.value} {told.unit}" if told else None) == dose


def test_the_original_is_kept_byte_for_byte() -> None:
    sent = json.dumps(request(note=[{"text": "kept"}], category={"text": "an object, not a list"})).encode()
    page = b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic"}},{"resource": ' + sent + b" }]}"
    (medication,) = record_of(medications=page).medications
    assert medication.original == sent


def test_each_order_of_a_page_keeps_its_own() -> None:
    first, second = medications(request(id="1"), request(id="2"))
    assert (json.loads(first.original)["id"], json.loads(second.original)["id"]) == ("1", "2")


def test_drugs_nobody_asks_about_are_left_out() -> None:
    assert medications(request(medicationCodeableConcept=rxnorm("161", "acetaminophen"))) == ()
