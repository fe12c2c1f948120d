"""The record as a whole: whose resources, and how complete."""

import pytest

from cds_service.clinical.record import Completeness, Draft, Extent
from cds_service.fhir.read import read_record
from tests.fhir.read.sheet import ME, NOW, UTC, Json, anc, bundle, coded, key, keys, record_of, request


@pytest.mark.parametrize(
    "subject",
    [
        ME,
        {"reference": "https://ehr.example.org/fhir/Patient/p1"},
        {"reference": "Patient/p1/_history/2"},
        {"reference": "urn:uuid:p1"},
        {"reference": "p1"},
        {"reference": " Patient/p1 "},
    ],
)
def test_a_resource_of_the_patient(subject: Json) -> None:
    record = record_of(neutrophils=bundle(anc(subject=subject)))
    assert len(record.results) == 1
    assert record.foreign == 0
    assert record.notes == ()


@pytest.mark.parametrize(
    "reference", ["Patient/p2", "https://ehr.example.org/fhir/Patient/p11", "Group/p1", "#p1", "urn:uuid:0-1"]
)
def test_a_resource_of_somebody_else_is_dropped_and_counted(reference: str) -> None:
    other = {"subject": {"reference": reference}}
    record = record_of(
        neutrophils=bundle(anc(), anc(id="2", **other)),
        medications=bundle(request(**other)),
        conditions=bundle({"resourceType": "Condition", "code": coded("x")} | other),
    )
    assert (len(record.results), record.medications, record.foreign) == (1, (), 3)
    assert record.completeness["neutrophils"].foreign == 1
    assert not record.completeness["medications"].complete
    assert "neutrophils: 1 resource of another patient dropped" in record.notes


@pytest.mark.parametrize("subject", [None, {}, {"display": "somebody"}, {"reference": " "}])
def test_a_resource_without_a_subject_is_accepted_and_noted(subject: Json | None) -> None:
    record = record_of(neutrophils=bundle(anc(subject=subject)))
    assert len(record.results) == 1
    assert record.notes == ("neutrophils: 1 resource without a subject accepted: the search was for this patient",)


def test_the_patient_may_be_named_with_its_type() -> None:
    assert read_record("Patient/p1", keys(neutrophils=bundle(anc())), (), now=NOW, time_zone=UTC).results


def test_a_key_keeps_the_reason_it_came_with() -> None:
    given = Completeness(Extent.PARTIAL, "more pages than were read", 1)
    data = keys() | {"neutrophils": key("neutrophils", bundle(anc(id="b", status=1)), completeness=given)}
    told = read_record("p1", data, (), now=NOW, time_zone=UTC).completeness["neutrophils"]
    assert told == Completeness(Extent.PARTIAL, "more pages than were read; could not be read: Observation/b", 1)


def test_a_key_that_was_not_asked_for_is_unavailable_never_empty() -> None:
    record = read_record("p1", {}, (), now=NOW, time_zone=UTC)
    assert {each.extent for each in record.completeness.values()} == {Extent.UNAVAILABLE}


def test_a_known_empty_key_is_complete() -> None:
    assert all(each.complete for each in record_of().completeness.values())


def test_drafts_go_into_the_record_as_they_are() -> None:
    draft = Draft("MedicationRequest/d", None, foreign=True)
    assert read_record("p1", keys(), (draft,), now=NOW, time_zone=UTC).foreign == 1
