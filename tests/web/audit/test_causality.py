"""What is kept of POST /causality: who asked, when, on which resources, what became of it; no value of the chart."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service import create_app, stories
from cds_service.audit.keyed import PATIENT, Keyed
from cds_service.audit.tables import evaluation
from cds_service.cli.main import run
from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore
from cds_service.records.database import open_engine
from cds_service.settings import Settings
from tests.fault_server import FaultServer

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def fhir() -> Iterator[str]:
    moved = [
        stories.shifted(stories.read(name), datetime.now(UTC))
        for name in ("case-1-g-last-follow-up", "row-pv05-steady")
    ]
    with serving(FhirStore([each for story in moved for each in story.resources])) as base:
        yield base


@pytest.fixture
def client(file_url: str) -> FlaskClient:
    return create_app(
        Settings(database_url=file_url, audit_key=KEY, deadline_ms=20_000, metrics="on", max_body_bytes=70_000)
    ).test_client()


def rows(client: FlaskClient, url: str) -> list[Any]:
    client.application.extensions["clerk"].recorder.close()
    with open_engine(url).connect() as connection:
        return list(connection.execute(select(evaluation).order_by(evaluation.c.at)))


def test_a_review_has_a_row_without_values(client: FlaskClient, fhir: str, file_url: str) -> None:
    answer = client.post("/causality", json={"patientId": "Patient/case1g", "fhirServer": fhir})
    (row,) = rows(client, file_url)
    assert (row.service_id, row.hook, row.mode, row.outcome, row.status) == ("causality", "", "active", "episodes", 200)
    assert row.client == "sandbox"
    assert row.milliseconds > 0
    assert row.correlation_id == answer.headers["X-Correlation-Id"]
    assert row.patient_hash == Keyed(KEY).hash(PATIENT, "sandbox", "case1g")
    assert (row.user_hash, row.hook_instance_hash, row.rules) == (None, None, [])
    assert row.data["neutrophils"]["state"] == "fetched"
    dated = dict(row.inputs)
    assert dated["Observation/case1g-anc-4"]
    assert dated["MedicationRequest/case1g-anakinra-1"]
    assert "0.75" not in str(row._asdict())
    assert "case1g'" not in str(row._asdict() | {"inputs": ""})


def test_a_patient_without_an_episode(client: FlaskClient, fhir: str, file_url: str) -> None:
    client.post("/causality", json={"patientId": "pv05", "fhirServer": fhir})
    (row,) = rows(client, file_url)
    assert row.outcome == "no-episodes"
    assert row.inputs


def test_every_refusal_has_a_row(client: FlaskClient, fhir: str, file_url: str) -> None:
    with FaultServer(lambda _: {}, "503") as failing:
        answers = [
            client.post("/causality", data=b"{"),
            client.post("/causality", data=b" " * 66_000),
            client.post("/causality", json={"patientId": "a/b", "fhirServer": fhir}),
            client.post("/causality", json={"patientId": "pv05", "fhirServer": "ftp://x"}),
            client.post("/causality", json={"patientId": "pv05", "fhirServer": failing.base_url}),
        ]
    found = rows(client, file_url)
    assert [row.status for row in found] == [answer.status_code for answer in answers] == [400, 413, 400, 400, 424]
    assert {(row.service_id, row.outcome) for row in found} == {("causality", "refused")}
    assert [bool(row.patient_hash) for row in found] == [False, False, False, True, True]
    assert found[2].problems == ["BadRequest", "patientId is not an id"]
    assert found[4].data["neutrophils"]["why"] == "HTTP 503"


def test_it_is_counted_and_logged(client: FlaskClient, fhir: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "cds_service.calls"):
        client.post("/causality", json={"patientId": "pv05", "fhirServer": fhir})
        client.post("/causality", data=b"{")
    metrics = client.get("/metrics").get_data(as_text=True)
    for status in ("200", "400"):
        assert f'cds_calls_total{{client="-",service="causality",status="{status}"}} 1.0' in metrics
        assert f"service=causality status={status} " in caplog.text
    assert "pv05" not in caplog.text


def test_nothing_is_kept_where_the_audit_is_off(file_url: str, fhir: str) -> None:
    client = create_app(Settings(database_url=file_url, audit="off", deadline_ms=20_000)).test_client()
    assert client.post("/causality", json={"patientId": "pv05", "fhirServer": fhir}).status_code == 200
    client.application.extensions["clerk"].recorder.close()
    assert not Path(file_url.removeprefix("sqlite:///")).exists()


def test_the_audit_finds_and_purges_it(
    client: FlaskClient,
    fhir: str,
    file_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    client.post("/causality", json={"patientId": "case1g", "fhirServer": fhir})
    client.post("/causality", json={"patientId": "pv05", "fhirServer": fhir})
    rows(client, file_url)
    monkeypatch.setenv("CDS_AUDIT_KEY", KEY)
    assert run(["audit", "--database", file_url, "--patient", "case1g"]) == 0
    said = capsys.readouterr().out
    assert "  causality, client sandbox\n" in said.replace("UTC  ", "UTC    ")
    assert "episodes of neutropenia were judged, as inputs for a reviewer (HTTP 200, " in said
    assert "rests on  " in said
    assert said.count("HTTP") == 1
    assert run(["audit", "purge", "--database", file_url, "--before", "2999-01-01", "--yes"]) == 0
    assert rows(client, file_url) == []
