"""POST /causality in production: the patient is read on the terms of the client that asks, never on another's."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service import create_app, stories
from cds_service.advice.profile import load_profile
from cds_service.audit.tables import evaluation
from cds_service.data_files import cards_folder
from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore
from cds_service.fhir.urls import SANDBOX
from cds_service.patient import Patient
from cds_service.records.database import open_engine
from cds_service.settings import Settings
from cds_service.web import causality
from tests.fault_server import Canary, FaultServer
from tests.trust.ehr import BASE, HOSPITAL, bearer, claims, signed, write_clients

CASE = "case-1-g-last-follow-up"
OTHER: dict[str, Any] = HOSPITAL | {"name": "other", "issuer": "https://other.example"}


@pytest.fixture
def fhir() -> Iterator[str]:
    story = stories.shifted(stories.read(CASE), datetime.now(UTC))
    with serving(FhirStore(story.resources)) as base:
        yield base


@pytest.fixture(autouse=True)
def _servers_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Production never contacts loopback, where the servers of these tests are; the allow-list stays as it is."""
    for module in ("clients", "client_faults"):
        monkeypatch.setattr(f"cds_service.trust.{module}.PRODUCTION", SANDBOX)


def service(folder: Path, *clients: dict[str, Any]) -> FlaskClient:
    file = write_clients(folder / "clients.toml", *clients)
    return create_app(Settings(mode="production", clients=str(file))).test_client()


def ask(client: FlaskClient, fhir_server: str, issuer: str = HOSPITAL["issuer"], patient: str = "case1g") -> Any:
    headers = bearer(signed(claims(iss=issuer, aud=f"{BASE}/causality")))
    return client.post("/causality", json={"patientId": patient, "fhirServer": fhir_server}, headers=headers)


def test_a_client_asks_its_own_server(tmp_path: Path, fhir: str) -> None:
    answer = ask(service(tmp_path, HOSPITAL | {"fhir_servers": [fhir], "deadline_ms": 10_000}), fhir)

    assert answer.status_code == 200
    assert answer.get_json()["episodes"][0]["french"]["score"] == "C3S2B3"


def test_another_clients_server_is_refused_and_never_contacted(tmp_path: Path, fhir: str, canary: Canary) -> None:
    client = service(tmp_path, HOSPITAL | {"fhir_servers": [fhir]}, OTHER | {"fhir_servers": [canary.url]})

    answer = ask(client, canary.url)

    assert answer.status_code == 400
    assert answer.get_json()["issue"][0]["diagnostics"].startswith("fhirServer ")
    assert canary.received == []
    assert ask(client, canary.url, OTHER["issuer"]).status_code == 424  # who may ask it does
    assert canary.received != []


def test_a_client_without_servers_can_ask_none(tmp_path: Path, canary: Canary) -> None:
    assert ask(service(tmp_path, HOSPITAL | {"fhir_servers": []}), canary.url).status_code == 400
    assert canary.received == []


def test_no_token_no_answer(tmp_path: Path, canary: Canary) -> None:
    client = service(tmp_path, HOSPITAL | {"fhir_servers": [canary.url]})

    asked = {"patientId": "1", "fhirServer": canary.url}
    assert client.post("/causality", json=asked).status_code == 401
    assert canary.received == []


def test_a_client_that_is_off_is_refused(tmp_path: Path, canary: Canary) -> None:
    assert (
        ask(service(tmp_path, HOSPITAL | {"fhir_servers": [canary.url], "mode": "off"}), canary.url).status_code == 403
    )
    assert canary.received == []


def test_the_audit_tells_which_client_asked_and_which_was_off(
    tmp_path: Path, fhir: str, file_url: str, canary: Canary
) -> None:
    terms = {"fhir_servers": [fhir], "deadline_ms": 10_000}
    off = OTHER | {"fhir_servers": [canary.url], "mode": "off"}
    file = write_clients(tmp_path / "clients.toml", HOSPITAL | terms, off)
    client = create_app(Settings(mode="production", clients=str(file), database_url=file_url)).test_client()

    assert ask(client, fhir).status_code == 200
    assert ask(client, canary.url, OTHER["issuer"]).status_code == 403
    assert client.post("/causality", json={"patientId": "1", "fhirServer": fhir}).status_code == 401

    client.application.extensions["clerk"].recorder.close()
    with open_engine(file_url).connect() as connection:
        rows = connection.execute(select(evaluation).order_by(evaluation.c.at)).all()
    assert [(row.client, row.mode, row.status) for row in rows] == [
        (HOSPITAL["name"], "active", 200),
        ("other", "off", 403),
    ]


def test_the_clients_deadline_holds(tmp_path: Path) -> None:
    with FaultServer(lambda _: {}, latency=5) as slow:
        client = service(tmp_path, HOSPITAL | {"fhir_servers": [slow.base_url], "deadline_ms": 200})
        began = time.monotonic()

        assert ask(client, slow.base_url).status_code == 424
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("profile", ["us", "eu"])
def test_the_clients_thresholds_are_used(
    tmp_path: Path, fhir: str, profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Patient] = []
    monkeypatch.setattr(causality, "report", lambda patient: read.append(patient) or {})
    terms = {"fhir_servers": [fhir], "profile": profile, "deadline_ms": 10_000}

    assert ask(service(tmp_path, HOSPITAL | terms), fhir).status_code == 200
    both = {name: load_profile(cards_folder(), name).thresholds for name in ("us", "eu")}
    assert both["us"] != both["eu"]
    assert read[0].picture.limits == both[profile]
