"""Which medication resources can count as exposure, and what they say."""

import json
from typing import Any

import pytest

from cds_service.clinical.record import Kind, Medication
from cds_service.codes.systems import STATUS_CHANGED
from tests.fhir.read.sheet import bundle, coded, quantity, record_of, request, rxnorm


def medications(*resources: dict[str, Any]) -> tuple[Medication, ...]:
    return record_of(medications=bundle(*resources)).medications


def only(**changes: Any) -> Medication:
    (medication,) = medications(request(**changes))
    return medication


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


@pytest.mark.parametrize(("authored", "believed"), [("2026-11-23", True), ("2026-11-24", False), ("2096-11-22", False)])
def test_an_order_written_in_the_future_is_doubted(authored: str, believed: bool) -> None:
    record = record_of(medications=bundle(request(authoredOn=authored)))
    assert len(record.medications) == 1
    reason = "" if believed else "1 order or dose dated in the future"
    assert record.completeness["medications"].reason == reason


def test_an_order_may_be_planned_for_the_future() -> None:
    assert record_of(medications=bundle(request(**bounds("2026-12-24", None)))).completeness["medications"].complete


def test_an_order_says_when_it_began_ended_and_changed() -> None:
    medication = only(
        status="stopped",
        authoredOn="2026-10-12T08:00:00Z",
        meta={"lastUpdated": "2026-11-01T09:00:00Z"},
        dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"start": "2026-10-13", "end": "2026-10-31"}}}}],
        dispenseRequest={"validityPeriod": {"end": "2027-01-01"}},
        extension=[
            {"url": "urn:other", "valueString": "x"},
            {"url": STATUS_CHANGED, "valueDateTime": "2026-10-30T10:00:00Z"},
        ],
    )
    told = {
        name: getattr(medication, name).at.isoformat()[:16]
        for name in ("authored", "bounds_start", "bounds_end", "validity_end", "status_changed", "last_updated")
    }
    assert told == {
        "authored": "2026-10-12T08:00",
        "bounds_start": "2026-10-13T00:00",
        "bounds_end": "2026-10-31T00:00",
        "validity_end": "2027-01-01T00:00",
        "status_changed": "2026-10-30T10:00",
        "last_updated": "2026-11-01T09:00",
    }
    assert (medication.kind, medication.status, medication.source) == (
        Kind.REQUEST,
        "stopped",
        "MedicationRequest/mr-1",
    )


def test_dates_that_are_missing_or_malformed_are_none_and_noted() -> None:
    record = record_of(medications=bundle(request(authoredOn="soon", meta={"lastUpdated": "?"})))
    (medication,) = record.medications
    assert medication.authored is None
    assert medication.last_updated is None
    assert "dates that could not be read: 2" in record.notes


@pytest.mark.parametrize(("sent", "day"), [("2026-10", "2026-10-01"), ("2026", "2026-01-01")])
def test_an_order_dated_by_month_or_year_begins_on_its_first_day(sent: str, day: str) -> None:
    authored = only(authoredOn=sent).authored
    assert authored is not None
    assert (authored.day.isoformat(), authored.exact) == (day, False)


def bounds(start: str | None, end: str | None) -> dict[str, Any]:
    period = {name: value for name, value in (("start", start), ("end", end)) if value}
    return {"timing": {"repeat": {"boundsPeriod": period}}}


@pytest.mark.parametrize(
    ("dosages", "start", "end"),
    [
        ([bounds("2026-10-01", "2026-10-10"), bounds("2026-10-11", "2026-10-20")], "2026-10-01", "2026-10-20"),
        ([bounds("2026-10-01", "2026-10-10"), bounds("2026-10-11", None)], "2026-10-01", None),
        ([bounds("2026-10-01", "2026-10-10"), {}], "2026-10-01", None),
        ([{"timing": {"repeat": {"frequency": 1}}}], None, None),
        ([bounds(None, "2026-10")], None, "2026-10-31"),
        ([], None, None),
        (None, None, None),
    ],
)
def test_the_bounds_of_a_taper_are_those_of_the_whole(
    dosages: list[dict[str, Any]] | None, start: str | None, end: str | None
) -> None:
    medication = only(dosageInstruction=dosages)
    told = [each and each.day.isoformat() for each in (medication.bounds_start, medication.bounds_end)]
    assert told == [start, end]


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
