"""Patients as an EHR lists them."""

import pytest

from cds_service.ehr.client import place
from cds_service.ehr.patients import Person, find_patients, person

ADA = {"resourceType": "Patient", "id": "p1", "name": [{"given": ["Ada", "Mary"], "family": "Lovelace"}]}
BOB = {"resourceType": "Patient", "id": "p2", "name": [{"text": "Bob Roe"}], "gender": "male", "birthDate": "1990"}


def names(server, text=""):
    return [each.name for each in find_patients(place("--fhir", server.url), text).people]


def bundle(*resources):
    return 200, {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}


@pytest.mark.parametrize(
    ("patient", "shown"),
    [
        (ADA, Person("p1", "Ada Mary Lovelace", "", "")),
        (BOB, Person("p2", "Bob Roe", "male", "1990")),
        (
            {"id": "p3", "name": [{"use": "old", "text": "Before"}, {"use": "official", "text": "Now"}]},
            Person("p3", "Now", "", ""),
        ),
        ({"id": "p4", "name": [{"given": [None, "Eve"]}, 1]}, Person("p4", "Eve", "", "")),
        ({}, Person("", "", "", "")),
    ],
)
def test_what_a_list_shows(patient, shown):
    assert person(patient) == shown


def test_a_server_that_ignores_the_search_is_filtered_here(stub):
    server = stub({"/Patient?name=love ada&_count=200": bundle(ADA, BOB)})
    assert names(server, " love ada ") == ["Ada Mary Lovelace"]


def test_a_patient_is_found_by_id_where_names_give_nothing(stub):
    server = stub({"/Patient?name=p2&_count=200": bundle(), "/Patient/p2": (200, BOB)})
    assert names(server, "p2") == ["Bob Roe"]


def test_what_is_no_patient_is_left_out(stub):
    outcome = {"resourceType": "OperationOutcome", "issue": []}
    server = stub({"/Patient?_count=200": bundle(ADA, outcome, {"resourceType": "Patient"}, None)})
    assert names(server) == ["Ada Mary Lovelace"]
