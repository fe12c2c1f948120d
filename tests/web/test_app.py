"""Routes, statuses, headers and what one hook call hands over."""

import io
import json
from datetime import UTC

import pytest
from gunicorn.http.errors import InvalidChunkSize

from cds_service.errors import ContentError, PreconditionFailed, ServiceFault
from cds_service.hooks.services import SERVICES
from tests.corpus import SANDBOX

VIEW = "/cds-services/anakinra-neutropenia-view"


def test_discovery(client):
    response = client.get("/cds-services")

    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert [service["id"] for service in response.get_json()["services"]] == list(SERVICES)


@pytest.mark.parametrize("path", SANDBOX, ids=lambda path: path.stem)
def test_the_public_sandbox_is_answered(client, stand_in, path):
    body = path.read_bytes()
    service = next(service for service in SERVICES.values() if service.hook == json.loads(body)["hook"])

    response = client.post(f"/cds-services/{service.id}", data=body, content_type="application/json")

    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.get_data() == stand_in.body
    ((request, asked, _, now),) = stand_in.asked
    assert (request.patient_id, asked, now.tzinfo) == ("pat1", service, UTC)


@pytest.mark.parametrize("content_type", ["application/json", "application/fhir+json", "text/plain", None])
def test_any_content_type_will_do(client, good_body, content_type):
    response = client.post(VIEW, data=json.dumps(good_body("patient-view")), content_type=content_type)

    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health(client_with, path):
    response = client_with().get(path, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert response.status_code == 200
    assert response.get_json()["status"] == path.rpartition("/")[2]


# method, path, status, FHIR issue code
REFUSALS = [
    ("GET", "/nowhere", 404, "not-found"),
    ("GET", "/nowhere?patient=x", 404, "not-found"),
    ("POST", "/cds-services/unknown", 404, "not-found"),
    ("POST", f"{VIEW}/feedback", 400, "invalid"),
    ("POST", "/cds-services/unknown/feedback", 404, "not-found"),
    ("POST", "/cds-services", 405, "not-supported"),
    ("GET", f"{VIEW}/feedback", 405, "not-supported"),
    ("GET", VIEW, 405, "not-supported"),
    ("PUT", VIEW, 405, "not-supported"),
    ("DELETE", "/health/live", 405, "not-supported"),
    ("POST", VIEW, 400, "invalid"),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), REFUSALS)
def test_every_refusal_is_an_operation_outcome_that_browsers_can_read(client, method, path, status, code):
    response = client.open(path, method=method)

    assert response.status_code == status
    assert response.content_type == "application/fhir+json"
    outcome = response.get_json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert [issue["code"] for issue in outcome["issue"]] == [code]
    assert outcome["id"] == response.headers["X-Correlation-Id"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert ("Allow" in response.headers) == (status == 405)


@pytest.mark.parametrize("path", ["/cds-services", "/health/live", "/health/ready"])
def test_every_page_may_be_read_by_a_browser(client, path):
    headers = client.get(path).headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Correlation-Id" in headers["Access-Control-Expose-Headers"]


def test_each_key_that_could_not_be_had_is_an_issue(client, stand_in, good_body):
    stand_in.error = PreconditionFailed("medications: not sent", "neutrophils: not sent")

    response = client.post(VIEW, json=good_body("patient-view"))

    assert response.status_code == 412
    assert [(issue["code"], issue["diagnostics"]) for issue in response.get_json()["issue"]] == [
        ("incomplete", "medications: not sent"),
        ("incomplete", "neutrophils: not sent"),
    ]


@pytest.mark.parametrize("error", [KeyError("Canary"), ServiceFault("Canary"), ContentError("Canary"), MemoryError()])
def test_a_fault_of_ours_is_a_500_without_its_reason_and_never_empty_cards(client, stand_in, good_body, caplog, error):
    stand_in.error = error

    response = client.post(VIEW, json=good_body("patient-view"))

    assert response.status_code == 500
    correlation_id = response.headers["X-Correlation-Id"]
    (issue,) = response.get_json()["issue"]
    assert issue["code"] == "exception"
    assert correlation_id in issue["diagnostics"]
    assert "cards" not in response.get_json()
    assert "Canary" not in response.get_data(as_text=True)
    assert "Canary" not in caplog.text
    assert f"id={correlation_id} {type(error).__name__} at " in caplog.text


# The test client would declare a length by itself; gunicorn declares none for chunks, and ends the stream.
CHUNKED = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
LIMIT = 2048
LONG = b'{"x": "' + b"a" * LIMIT + b'"}'


def test_a_body_that_declares_too_much_is_refused(client_with):
    response = client_with(max_body_bytes=LIMIT).post(VIEW, data=LONG)

    assert response.status_code == 413
    assert response.get_json()["issue"][0]["code"] == "too-long"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("length", "status"), [(LIMIT, 400), (LIMIT + 1, 413)])
def test_a_chunked_body_is_refused_at_the_limit(client_with, length, status):
    body = io.BytesIO(b" " * length)

    response = client_with(max_body_bytes=LIMIT).post(VIEW, input_stream=body, environ_overrides=CHUNKED)

    assert response.status_code == status


def test_a_chunked_body_is_read(client, good_body):
    body = io.BytesIO(json.dumps(good_body("patient-view")).encode())

    response = client.post(VIEW, input_stream=body, environ_overrides=CHUNKED)

    assert response.status_code == 200


@pytest.mark.parametrize("length", ["99999", "-1", "ten", "\u0663"])
def test_a_false_content_length_is_refused(client, good_body, length):
    body = io.BytesIO(json.dumps(good_body("patient-view")).encode())

    response = client.post(VIEW, input_stream=body, environ_overrides={"CONTENT_LENGTH": length})

    assert response.status_code == 400


class BrokenStream(io.BytesIO):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def read(self, size=-1):
        raise self.error


@pytest.mark.parametrize("environ", [CHUNKED, {"CONTENT_LENGTH": "10"}])
@pytest.mark.parametrize("error", [OSError(), InvalidChunkSize(b"ZZ")])
def test_a_body_that_breaks_off_is_refused(client, environ, error):
    response = client.post(VIEW, input_stream=BrokenStream(error), environ_overrides=environ)

    assert response.status_code == 400


def test_a_body_without_length_or_end_is_refused(client, good_body):
    body = io.BytesIO(json.dumps(good_body("patient-view")).encode())

    response = client.post(VIEW, input_stream=body, environ_overrides={"CONTENT_LENGTH": ""})

    assert response.status_code == 400


def test_two_answers_have_two_ids(client, good_body):
    ids = {client.post(VIEW, json=good_body("patient-view")).headers["X-Correlation-Id"] for _ in range(2)}

    assert len(ids) == 2
