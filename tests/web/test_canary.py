"""What is planted in requests, charts, tokens and queries turns up in no log, metric, error, or trace.

A trace holds values of the chart by design, and a suggestion the whole order that it changes; neither holds a name, a
token or free text that is not the order's own.
"""

import json
import logging
from collections.abc import Iterator
from threading import get_ident
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.canary import NAME, PATIENT, QUERY, TEXT, TOKEN, USER, LogWatch, found_in
from tests.fault_server import FaultServer
from tests.faults import FAULTS
from tests.fhir_records import Records
from tests.hook_call.calls import SERVICES
from tests.web.planted import BAD, COUNT, ORDER, PERSON, PREFETCH, VIEW, request

CHART = Records([PERSON, ORDER, COUNT])
HEADERS = {"Authorization": f"Bearer {TOKEN}", "User-Agent": TEXT, "Referer": f"https://ehr.example.org/{PATIENT}"}
AUTHORIZATION = {"access_token": TOKEN, "token_type": "Bearer", "scope": TEXT, "subject": USER, "expires_in": 300}
FEEDBACK = {
    "card": TEXT,
    "outcome": "overridden",
    "overrideReason": {"reason": {"code": TEXT, "system": f"urn:{TEXT}"}, "userComment": f"{NAME} {TEXT}"},
    "outcomeTimestamp": "2026-11-22T08:16:02Z",
}


@pytest.fixture(scope="module")
def service() -> FlaskClient:
    return create_app(Settings(deadline_ms=150, metrics="on")).test_client()


@pytest.fixture(autouse=True)
def _every_line(caplog: pytest.LogCaptureFixture, service: FlaskClient) -> Iterator[None]:
    """All loggers say all they can; whatever a test here did, nothing planted was logged or counted."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="cds_service")
    yield
    logged = [record for record in caplog.get_records("call") if not record.name.startswith(("asyncio", "hypothesis"))]
    watch = LogWatch()
    for record in logged:
        watch.emit(record)
    assert watch.caught == []
    assert not found_in(service.get("/metrics").get_data(as_text=True))


def post(service: FlaskClient, address: str, body: Any) -> tuple[int, dict[str, Any]]:
    """The answer; its headers hold nothing planted, nor does a refusal."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = service.post(f"{address}?patient={QUERY}", data=data, headers=HEADERS)
    assert not found_in(str(response.headers))
    if response.status_code != 200:
        assert not found_in(response.get_data(as_text=True))
    return response.status_code, response.get_json()


@pytest.mark.parametrize("hook", SERVICES)
def test_a_hook_call_with_all_that_can_be_planted(
    service: FlaskClient, hook: str, caplog: pytest.LogCaptureFixture
) -> None:
    status, answer = post(service, f"/cds-services/{SERVICES[hook]}", request(hook, prefetch=PREFETCH))

    assert status == 200
    assert answer["cards"]
    # What writes to the database has a thread of its own, and may have something to tell just now.
    ours = [each.name for each in caplog.records if each.name.startswith("cds_service") and each.thread == get_ident()]
    assert ours == ["cds_service.calls"]
    _told_only_what_may_be(answer)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_every_fault_of_a_server_with_planted_answers(service: FlaskClient, fault: str) -> None:
    with FaultServer(CHART.respond, fault) as server:
        asked = request("patient-view", fhirServer=server.base_url, fhirAuthorization=AUTHORIZATION)
        status, answer = post(service, VIEW, asked)

    if status == 200:
        _told_only_what_may_be(answer)


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
@pytest.mark.parametrize("address", [VIEW, f"{VIEW}/feedback", "/causality", f"/cds-services/{PATIENT}", f"/{NAME}"])
def test_what_cannot_be_read_is_not_quoted(service: FlaskClient, address: str, body: bytes) -> None:
    status, _ = post(service, address, body)

    assert 400 <= status < 500


def test_a_server_that_is_none(service: FlaskClient) -> None:
    away = request("patient-view", fhirServer=f"http://127.0.0.1:9/{TEXT}", fhirAuthorization=AUTHORIZATION)

    assert post(service, VIEW, away)[0] == 412


def test_feedback_with_a_comment(service: FlaskClient) -> None:
    assert post(service, f"{VIEW}/feedback", {"feedback": [FEEDBACK]})[0] == 200
    assert post(service, f"{VIEW}/feedback", {"feedback": [FEEDBACK | {"outcome": TEXT}]})[0] == 400


def test_a_body_to_validate(service: FlaskClient) -> None:
    assert post(service, "/validate", request("patient-view", prefetch=PREFETCH))[0] == 200


def test_causality_of_a_planted_patient(service: FlaskClient) -> None:
    with FaultServer(CHART.respond) as server:
        asked = {"patientId": PATIENT, "fhirServer": server.base_url, "fhirAuthorization": {"access_token": TOKEN}}
        assert post(service, "/causality", asked)[0] == 200


def test_a_fault_of_ours(service: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError(f"{NAME} {TOKEN}") from KeyError(TEXT)

    monkeypatch.setattr("cds_service.web.app.answer", fails)

    assert post(service, VIEW, request("patient-view"))[0] == 500


def _told_only_what_may_be(answer: dict[str, Any]) -> None:
    for card in answer["cards"]:
        for suggestion in card.get("suggestions", ()):
            del suggestion["actions"]  # the EHR's own order goes back to it whole
    for planted in (NAME, TOKEN, QUERY, USER):
        assert planted not in json.dumps(answer)
    trace = json.dumps(answer["extension"]).replace(f"{TEXT}-draft", "")  # the order's id, which is no free text
    assert TEXT not in trace
