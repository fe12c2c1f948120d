"""The patient's birth date, and the conditions the service knows."""

import json
from typing import Any

import pytest

from cds_service.clinical.record import Extent
from tests.fhir.read.sheet import ME, Json, bundle, coded, record_of


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
