"""What HAPI stores, what it refuses and how it says so; in words in docs/connect-fhir-servers.md."""

from collections.abc import Callable

import pytest

from cds_service.cli.main import run
from tests.servers.hapi_client import Hapi, Resource, ago, codes, count, said

pytestmark = pytest.mark.hapi


def test_the_server_numbers_what_is_posted_and_clients_may_not(server: Hapi, patient: str) -> None:
    assert patient.isdecimal()
    refused = server.send("PUT", "Patient/77777777", {"resourceType": "Patient", "id": "77777777"})
    assert refused.status_code == 400
    assert "at least one non-numeric character" in said(refused)
    assert server.send("PUT", "Patient/a-7", {"resourceType": "Patient", "id": "a-7"}).status_code in (200, 201)


def test_a_reference_to_nothing_is_refused(server: Hapi) -> None:
    refused = server.send("POST", "Observation", count("nobody", 3.0, ago(days=1)))
    assert refused.status_code == 400
    assert "Patient/nobody not found" in said(refused)


def test_an_absolute_reference_is_refused_even_to_itself(server: Hapi, patient: str) -> None:
    absolute = count(patient, 3.0, ago(days=1)) | {"subject": {"reference": f"{server.base}/Patient/{patient}"}}
    refused = server.send("POST", "Observation", absolute)
    assert refused.status_code == 400
    assert "not configured to allow external references" in said(refused)


def test_a_transaction_may_hold_its_resources_in_any_order(server: Hapi) -> None:
    entries = [
        {
            "resource": count("later-born", 3.0, ago(days=1)),
            "request": {"method": "POST", "url": "Observation"},
        },
        {
            "resource": {"resourceType": "Patient", "id": "later-born"},
            "request": {"method": "PUT", "url": "Patient/later-born"},
        },
    ]
    answer = server.send("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 200, answer.text


def test_what_is_referred_to_cannot_be_deleted(server: Hapi, patient: str) -> None:
    refused = server.send("DELETE", f"Patient/{patient}")
    assert refused.status_code == 409
    assert "has a reference to this resource" in said(refused)


def test_versions_in_references_are_taken_out_and_last_updated_is_the_servers(server: Hapi, patient: str) -> None:
    sent = count(patient, 3.0, ago(days=9)) | {"meta": {"lastUpdated": "2020-01-01T00:00:00Z"}}
    sent["subject"] = {"reference": f"Patient/{patient}/_history/1"}
    kept = server.get(f"Observation/{server.create(sent)}").json()
    assert kept["subject"] == {"reference": f"Patient/{patient}"}
    assert not kept["meta"]["lastUpdated"].startswith("2020")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("Patient/nobody", 404, "Patient/nobody is not known"),
        ("Observation?bogus=1", 400, 'Unknown search parameter "bogus"'),
        ("MedicationRequest?_sort=-authoredOn", 400, 'Unknown _sort parameter value "authoredOn"'),
        ("MedicationStatment?patient=1", 404, "Unknown resource type 'MedicationStatment'"),
    ],
)
def test_errors_are_outcomes_of_one_code(path: str, status: int, words: str, server: Hapi) -> None:
    answer = server.get(path)
    assert answer.status_code == status
    assert words in said(answer)
    assert answer.json()["issue"][0]["code"] == "processing"


def test_searches_for_a_patient_nobody_knows_are_empty_and_the_service_does_not_call_that_clear(
    server: Hapi, view: Callable[[str], Resource]
) -> None:
    assert server.get("MedicationRequest?patient=nobody").json()["total"] == 0
    answer = view("nobody")
    assert answer["status"] == 412
    assert "knows no Patient of this id" in answer["issue"][0]["diagnostics"]


def test_codes_are_checked_and_missing_elements_are_not(server: Hapi, patient: str) -> None:
    refused = server.send("POST", "Observation", count(patient, 3.0, ago(days=9)) | {"status": "bogus"})
    assert refused.status_code == 400
    assert "Unknown ObservationStatus code 'bogus'" in said(refused)
    lacking = count(patient, 0.3, ago(hours=1))
    del lacking["status"]
    assert server.create(lacking)


def test_a_count_without_a_status_is_not_passed_over_in_silence(
    server: Hapi, patient: str, view: Callable[[str], Resource]
) -> None:
    lacking = count(patient, 0.3, ago(hours=1))
    del lacking["status"]
    server.create(lacking)
    assert codes(view(patient)) != []


def test_load_says_what_hapi_refuses(server: Hapi, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "--fhir", f"{server.base}/Patient", "--story", "child-1-view"]) == 1
    assert "The FHIR server refused the story child-1-view: HTTP 400: HAPI-" in capsys.readouterr().err
