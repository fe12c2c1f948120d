"""POST /causality: the published cases as their record shows them, and every way to ask wrongly."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app, stories
from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore
from cds_service.settings import Settings
from tests.fault_server import faulty
from tests.fhir_records import Records
from tests.hook_call.calls import PATIENT, count, order

CASES = {"case1g": "case-1-g-last-follow-up", "case2e": "case-2-e-after", "pv05": "row-pv05-steady"}


@pytest.fixture(scope="module")
def fhir() -> Iterator[str]:
    now = datetime.now(UTC)
    moved = [stories.shifted(stories.read(name), now) for name in CASES.values()]
    with serving(FhirStore([each for story in moved for each in story.resources])) as base:
        yield base


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(deadline_ms=20_000)).test_client()


def ask(client: FlaskClient, fhir: str, patient: str) -> dict[str, Any]:
    answer = client.post("/causality", json={"patientId": patient, "fhirServer": fhir})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_json()


@pytest.mark.parametrize(("patient", "score", "naranjo"), [("case1g", "C3S2B3", 7), ("case2e", "C1S1B3", 3)])
def test_a_published_case_comes_out_as_published(
    client: FlaskClient, fhir: str, patient: str, score: str, naranjo: int
) -> None:
    first = ask(client, fhir, patient)["episodes"][0]
    assert first["french"]["score"] == score
    assert first["naranjo"]["score"] == naranjo
    assert len(first["naranjo"]["items"]) == 10
    assert first["basedOnIncompleteData"] is False


def test_each_input_of_case_1_can_be_checked(client: FlaskClient, fhir: str) -> None:
    first, second = ask(client, fhir, "case1g")["episodes"]
    assert first["onset"] < second["onset"]
    assert (first["nadir"]["value"], first["nadir"]["scale"]) == (0.75, "moderate; CTCAE v5 grade 3, v6 grade 2")
    assert first["nadir"]["sources"] == ["Observation/case1g-anc-4"]
    assert (first["nadir"]["certainty"], first["recovered"]["certainty"]) == ("approximate", "inferred")
    assert first["recovered"]["remark"].startswith('inferred: "normalized within 2 days"')
    assert first["exposure"]["sources"] == ["MedicationRequest/case1g-anakinra-1"]
    assert (first["onsetDelayDays"], first["daysFromStopToRecovery"]) == (4, 2)
    assert first["dechallenge"] == {"answer": "suggestive", "reason": "recovered 2 days after stopping"}
    assert first["rechallenge"]["answer"] == "R+"
    (later,) = first["laterReexposures"]
    assert (later["french"]["C"], later["reason"]) == (
        "C1",
        "tolerated over 3 days or more, none below 1.5",
    )
    assert first["french"]["I"] is None
    assert "not checked" in first["french"]["noteOnI"]


def test_what_was_inferred_is_marked(client: FlaskClient, fhir: str) -> None:
    (only,) = ask(client, fhir, "case2e")["episodes"]
    assert only["rechallenge"]["inferred"] is True
    assert only["otherCauses"] == [{"name": "ciclosporin", "sources": ["MedicationRequest/case2e-ciclosporin"]}]


def test_nothing_to_judge_is_an_empty_list(client: FlaskClient, fhir: str) -> None:
    assert ask(client, fhir, "Patient/pv05")["episodes"] == []


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "The body is empty"),
        (b"[1]", 400, "The body is not {"),
        (b'{"patientId": "1"}', 400, "The body is not {"),
        (b'{"patientId": 1, "fhirServer": "http://127.0.0.1:1"}', 400, "The body is not {"),
        (b'{"patientId": "a/b?c", "fhirServer": "http://127.0.0.1:1"}', 400, "patientId is not an id"),
        (b'{"patientId": "1", "fhirServer": "ftp://x"}', 400, "fhirServer does not begin with https://"),
        (
            b'{"patientId": "1", "fhirServer": "http://127.0.0.1:1"}',
            424,
            "medications could not be read from the FHIR server",
        ),
    ],
)
def test_a_wrong_question_is_told_so(client: FlaskClient, body: bytes, status: int, says: str) -> None:
    answer = client.post("/causality", data=body)
    assert answer.status_code == status
    assert answer.get_json()["issue"][0]["diagnostics"].startswith(says)


def test_an_unknown_patient_is_no_empty_chart(client: FlaskClient, fhir: str) -> None:
    answer = client.post("/causality", json={"patientId": "nobody", "fhirServer": fhir})
    assert answer.status_code == 424


@pytest.mark.parametrize(("fault", "incomplete"), [("none", False), ("number-twice", True)])
def test_a_name_given_twice_in_a_count_is_incomplete_data(client: FlaskClient, fault: str, incomplete: bool) -> None:
    records = Records([{"resourceType": "Patient", "id": PATIENT}, order(), count(0.4)])
    with faulty(records.respond, fault, only=lambda asked: asked.startswith("Observation")) as server:
        (episode,) = ask(client, server.base_url, PATIENT)["episodes"]
    assert episode["basedOnIncompleteData"] is incomplete


def test_only_this_machine_may_ask(client: FlaskClient) -> None:
    answer = client.post("/causality", json={}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.status_code == 403
