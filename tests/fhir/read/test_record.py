"""The record as a whole: whose resources, each once, and how complete."""

import json
from typing import Any

import pytest

from cds_service.clinical.record import Completeness, Draft, Extent
from cds_service.fhir.read import read_record
from tests.fhir.read.sheet import ME, NOW, UTC, Json, anc, bundle, coded, key, keys, quantity, record_of, request

OUTCOME: Json = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "informational"}]}


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


def test_the_same_resource_on_two_pages_and_under_two_keys_is_one() -> None:
    record = record_of(neutrophils=(bundle(anc()), bundle(anc())), labs=bundle(anc()))
    assert len(record.results) == 1


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({}, {}, 1.0),
        ({"lastUpdated": "2026-11-22T01:00:00Z"}, {"lastUpdated": "2026-11-22T02:00:00Z"}, 2.0),
        ({"lastUpdated": "2026-11-22T02:00:00Z"}, {"lastUpdated": "2026-11-22T01:00:00Z"}, 1.0),
        ({"versionId": "9"}, {"versionId": "10"}, 2.0),
        ({"versionId": "x"}, {"versionId": "y"}, 1.0),
        (None, {"versionId": "2"}, 2.0),
        ({"lastUpdated": "?"}, {"lastUpdated": "2026-11-22T01:00:00Z"}, 2.0),
    ],
)
def test_of_two_versions_the_later_one_counts(first: Json | None, second: Json | None, kept: float) -> None:
    one = anc(meta=first, valueQuantity=quantity(1.0))
    other = anc(meta=second, valueQuantity=quantity(2.0))
    (result,) = record_of(neutrophils=bundle(one, other)).results
    assert float(str(result.value)) == kept


def test_resources_without_an_id_all_stay_and_are_told_apart() -> None:
    sources = [each.source for each in record_of(neutrophils=bundle(anc(id=None), anc(id=None))).results]
    assert sources == ["Observation without id (0)", "Observation without id (1)"]


def test_one_bad_entry_is_skipped_and_named_and_the_key_is_incomplete() -> None:
    record = record_of(neutrophils=bundle(anc(id="bad", status=["final"]), anc()))
    assert [each.source for each in record.results] == ["Observation/anc-1"]
    assert record.completeness["neutrophils"] == Completeness(Extent.PARTIAL, "could not be read: Observation/bad")


def test_many_bad_entries_are_counted_and_only_some_named() -> None:
    record = record_of(neutrophils=bundle(*(anc(id=f"b{n}", status=1) for n in range(8))))
    reason = record.completeness["neutrophils"].reason
    assert reason.startswith("could not be read: Observation/b0, ")
    assert reason.endswith(" and 3 more")


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({"resource": anc(id=None, status=1)}, "Observation without id"),
        ({"resource": {"id": "x"}}, "a resource without type"),
        ({"resource": {"id": "x", "status": 1}}, "a resource without type"),
        ({"resource": "text"}, "an entry"),
        ("text", "an entry"),
        ({"resource": anc(id="x" * 200, status=1)}, f"Observation/{'x' * 68}"),
    ],
)
def test_a_bad_entry_is_named_as_well_as_it_can_be(bad: Any, named: str) -> None:
    page = json.dumps({"resourceType": "Bundle", "entry": [bad, {"resource": anc()}]}).encode()
    record = record_of(neutrophils=page)
    assert len(record.results) == 1
    assert record.completeness["neutrophils"].reason == f"could not be read: {named}"


@pytest.mark.parametrize(
    "page",
    [
        b"", b"<html></html>", b'"text"', b"[]", b"null", b'{"resourceType": "Bundle", "entry": {}}', b'{"total": 3}',
        json.dumps(OUTCOME).encode(), json.dumps(anc()).encode(), b'{"entry": ' + b"[" * 100_000,
        b'{"resourceType": "Bundle", "entry": [{"resource": {"valueQuantity": {"value": NaN}}}]}',
        json.dumps(OUTCOME | {"entry": ["text"]}).encode(), b'\xff\xfe{"entry": []}',
    ],
)  # fmt: skip
def test_a_page_that_is_no_bundle_is_having_nothing(page: bytes) -> None:
    lost = record_of(neutrophils=page).completeness["neutrophils"]
    assert (lost.extent, lost.reason) == (Extent.UNAVAILABLE, "1 page could not be read")
    partial = record_of(neutrophils=(bundle(anc()), page)).completeness["neutrophils"]
    assert partial.extent is Extent.PARTIAL


def test_bad_text_in_one_entry_does_not_cost_the_others() -> None:
    page = bundle(anc(id="bad", issued="BAD"), anc()).replace(b"BAD", b"\xff")
    record = record_of(neutrophils=page)
    assert [each.source for each in record.results] == ["Observation/anc-1"]
    assert record.completeness["neutrophils"].extent is Extent.PARTIAL


def test_warnings_and_resources_of_another_type_are_no_hits_and_no_loss() -> None:
    page = json.dumps(
        {
            "resourceType": "Bundle",
            "entry": [
                {"resource": OUTCOME, "search": {"mode": "outcome"}},
                {"resource": anc(), "search": {"mode": "match"}},
                {"resource": anc(id="2"), "search": {"mode": "outcome"}},
                {"resource": {"resourceType": "Patient", "id": "p1"}},
                {"resource": {"resourceType": "Device", "status": {"not": "a string"}}},
                {"fullUrl": "https://ehr.example.org/fhir/Observation/gone"},
                {"resource": None},
            ],
        }
    ).encode()
    record = record_of(neutrophils=page)
    assert [each.source for each in record.results] == ["Observation/anc-1"]
    assert record.completeness["neutrophils"].complete
    assert set(record.notes) == {
        "neutrophils: the server sent 1 warning (OperationOutcome) among the results",
        "neutrophils: 3 resources of another type ignored",
    }


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


@pytest.mark.parametrize(
    ("patient", "born"),
    [
        ({"birthDate": "2019-05-04"}, "2019-05-04"),
        ({"birthDate": "2019-05"}, "2019-05-31"),
        ({"birthDate": "2019"}, "2019-12-31"),
        ({"birthDate": "May 2019"}, None),
        ({}, None),
    ],
)
def test_the_birth_date_an_imprecise_one_makes_the_patient_as_young_as_may_be(patient: Json, born: str | None) -> None:
    page = json.dumps({"resourceType": "Patient", "id": "p1"} | patient).encode()
    for sent in (page, bundle(json.loads(page))):
        told = record_of(patient=sent).birth_date
        assert (told.isoformat() if told else None) == born


def test_another_patient_in_place_of_the_patient_is_foreign() -> None:
    record = record_of(patient=b'{"resourceType": "Patient", "id": "p2", "birthDate": "2019-05-04"}')
    assert (record.birth_date, record.foreign) == (None, 1)


@pytest.mark.parametrize("page", [b"<html>", b'{"resourceType": "Patient", "birthDate": 7}'])
def test_a_patient_that_cannot_be_read_is_unavailable(page: bytes) -> None:
    assert record_of(patient=page).completeness["patient"].extent is Extent.UNAVAILABLE


def condition(**changes: Any) -> Json:
    return {
        "resourceType": "Condition",
        "id": "c1",
        "subject": ME,
        "code": coded("M08.20", "http://hl7.org/fhir/sid/icd-10-cm", "Systemic JIA"),
    } | changes


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        ({}, "active"),
        ({"clinicalStatus": {"coding": [{"code": "active"}]}}, "active"),
        ({"clinicalStatus": {"coding": [{"code": "recurrence"}]}}, "active"),
        ({"clinicalStatus": {"coding": [{"code": "relapse"}]}}, "active"),
        ({"clinicalStatus": {"coding": [{"code": "resolved"}]}}, "past"),
        ({"clinicalStatus": {"coding": [{"code": "inactive"}]}}, "past"),
        ({"verificationStatus": {"coding": [{"code": "confirmed"}]}}, "active"),
        ({"verificationStatus": {"coding": [{"code": "refuted"}]}}, "ignored"),
        ({"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}, "ignored"),
        ({"code": coded("I10", "http://hl7.org/fhir/sid/icd-10-cm")}, "ignored"),
        ({"code": None}, "ignored"),
    ],
)
def test_a_condition(changes: Json, read: str) -> None:
    conditions = record_of(conditions=bundle(condition(**changes))).conditions
    told = ("active" if conditions[0].active else "past") if conditions else "ignored"
    assert told == read


def test_a_condition_says_its_kinds_dates_and_words() -> None:
    (told,) = record_of(
        conditions=bundle(condition(onsetPeriod={"start": "2026-11-20"}, recordedDate="2026-11-21T08:00:00Z"))
    ).conditions
    assert (told.kinds, told.source, told.text) == ({"sjia"}, "Condition/c1", "Systemic JIA")
    assert told.onset is not None
    assert told.recorded is not None
    assert (told.onset.day.day, told.recorded.day.day) == (20, 21)
