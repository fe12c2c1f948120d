"""Doses given and statements of what is taken, where a site sends them."""

from typing import Any

import pytest

from cds_service.clinical.record import Kind, Medication
from tests.fhir.read.sheet import ME, bundle, coded, record_of, rxnorm


def medications(*resources: dict[str, Any]) -> tuple[Medication, ...]:
    return record_of(medications=bundle(*resources)).medications


GIVEN = {
    "resourceType": "MedicationAdministration",
    "id": "ma-1",
    "status": "completed",
    "subject": ME,
    "medicationCodeableConcept": rxnorm("72435"),
}


def test_an_administration_is_when_it_was_given() -> None:
    given = GIVEN | {"effectiveDateTime": "2026-11-20T08:00:00Z"}
    (medication,) = medications(given)
    assert medication.bounds_start is not None
    assert (medication.kind, medication.bounds_start.day.day, medication.bounds_end) == (Kind.ADMINISTRATION, 20, None)
    assert len(medications(given | {"status": "in-progress"})) == 1
    assert medications(given | {"status": "not-done"}) == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "1 dose given without a date that can be read"),
        ({"effectiveDateTime": "x"}, "1 dose given without a date that can be read"),
        ({"effectivePeriod": {"end": "2026-11-20"}}, "1 dose given without a date that can be read"),
        ({"effectiveDateTime": "2026-11-25"}, "1 order or dose dated in the future"),
        ({"effectiveDateTime": "2026-11", "status": "Completed"}, "could not be read: MedicationAdministration/ma-1"),
        ({"effectiveDateTime": "2026-11"}, ""),
        ({"effectivePeriod": {"start": "2026-11-20"}}, ""),
        ({"status": "not-done"}, ""),
    ],
)
def test_a_dose_that_cannot_be_placed_makes_the_list_incomplete(changes: dict[str, Any], reason: str) -> None:
    assert record_of(medications=bundle(GIVEN | changes)).completeness["medications"].reason == reason


def test_a_statement_is_its_period_while_active() -> None:
    stated = {
        "resourceType": "MedicationStatement",
        "id": "ms-1",
        "status": "active",
        "subject": ME,
        "medicationCodeableConcept": rxnorm("72435"),
        "effectivePeriod": {"start": "2026-10-01", "end": "2026-12-01"},
        "dosage": [{"route": coded("34206005", "http://snomed.info/sct")}],
    }
    (medication,) = medications(stated)
    assert medication.bounds_start is not None
    assert medication.bounds_end is not None
    assert medication.kind is Kind.STATEMENT
    assert (medication.bounds_start.day.month, medication.bounds_end.day.month) == (10, 12)
    assert medications(stated | {"status": "completed"}) == ()
