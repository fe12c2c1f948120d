"""A row for each hook call, whatever became of it; and hook calls that do not care what ails the database."""

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from cds_service import create_app
from cds_service.audit.account import Account
from cds_service.audit.keyed import Keyed
from cds_service.audit.tables import evaluation
from cds_service.errors import SettingsError
from cds_service.records import database, recorder
from cds_service.records.database import open_engine
from cds_service.records.migrate import upgrade
from cds_service.records.recorder import Recorder
from cds_service.settings import Settings
from tests.hook_call.calls import LOW, PATIENT, chart
from tests.postgresql import Postgresql, running
from tests.trust.ehr import HOSPITAL, write_clients

VIEW = "/cds-services/anakinra-neutropenia-view"
FEEDBACK = f"{VIEW}/feedback"
KEY = "0123456789abcdef0123456789abcdef"
CALLS = 200

Started = Callable[..., FlaskClient]


@pytest.fixture
def started(file_url: str) -> Iterator[Started]:
    """A function: a client of a service that records in a file, or elsewhere; closed after the test."""
    apps: list[Flask] = []

    def start(**settings: Any) -> FlaskClient:
        given = {"database_url": file_url, "audit_key": KEY, "deadline_ms": 400} | settings
        apps.append(create_app(Settings(**given)))
        return apps[-1].test_client()

    yield start
    for app in apps:
        app.extensions["clerk"].recorder.close(0.1)


def recorder_of(client: FlaskClient) -> Recorder[Account]:
    found: Recorder[Account] = client.application.extensions["clerk"].recorder
    return found


def rows(url: str) -> list[Any]:
    with open_engine(url).connect() as connection:
        return list(connection.execute(select(evaluation).order_by(evaluation.c.at)))


def good(**changes: Any) -> dict[str, Any]:
    """A call about a patient on anakinra with a low count."""
    context = {"userId": "Practitioner/p1", "patientId": PATIENT}
    call = {"hook": "patient-view", "hookInstance": "i1", "context": context, "prefetch": chart(neutrophils=LOW)}
    return call | changes


def test_every_call_of_a_service_has_a_row(started: Started, file_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = started(max_body_bytes=20_000)
    answers = [
        client.post(VIEW, json=good()),
        client.post(VIEW, data=b"{"),
        client.post(VIEW, data=b" " * 20_001),
        client.post(VIEW, json=good(prefetch={})),
    ]
    monkeypatch.setattr("cds_service.hook_call.assess", None)
    answers.append(client.post(VIEW, json=good()))
    recorder_of(client).close()

    found = rows(file_url)
    assert [row.status for row in found] == [answer.status_code for answer in answers] == [200, 400, 413, 412, 500]
    assert [row.outcome for row in found] == ["cards", *["refused"] * 4]
    assert found[-1].problems == ["ServiceFault"]
    assert found[-1].patient_hash == found[0].patient_hash is not None
    assert [row.correlation_id for row in found] == [answer.headers["X-Correlation-Id"] for answer in answers]


def test_a_412_tells_how_each_key_came(started: Started, file_url: str) -> None:
    client = started()
    prefetch = chart(medications={"resourceType": "OperationOutcome"}, neutrophils=...)
    assert client.post(VIEW, json=good(prefetch=prefetch)).status_code == 412
    recorder_of(client).close()
    (row,) = rows(file_url)
    assert row.problems[0] == "NotEnough"
    assert row.data["neutrophils"] == {
        "state": "absent",
        "extent": "unavailable",
        "why": "not in prefetch; no fhirServer was given",
    }
    assert row.data["medications"]["why"] == "in prefetch; an OperationOutcome came instead of data"
    assert row.data["labs"] == {"state": "null", "extent": "complete"}


def test_what_is_no_call_of_a_service_has_none(started: Started, file_url: str) -> None:
    client = started()
    client.get("/cds-services")
    client.get("/nowhere")
    client.post("/cds-services/Canary", json=good())
    client.post(FEEDBACK, json={"feedback": []})
    client.post(VIEW, json=good(), environ_base={"REMOTE_ADDR": "192.0.2.1"})
    client.post(VIEW, json=good())
    recorder_of(client).close()
    assert [row.status for row in rows(file_url)] == [200]


def test_switched_off_only_the_cards_shown_are_kept(started: Started, file_url: str) -> None:
    client = started(audit="off")
    client.post(VIEW, json=good())
    client.post(VIEW, data=b"{")
    recorder_of(client).close()
    assert rows(file_url) == []


def test_an_account_that_fails_costs_no_answer(
    started: Started, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("cds_service.audit.account._inputs", None)
    client = started()
    assert client.post(VIEW, json=good()).status_code == 200
    assert recorder_of(client).lost.calls == 1
    assert "were not recorded so far (the calls are unaffected): TypeError" in caplog.text


def test_production_has_an_audit(tmp_path: Path) -> None:
    production = {"mode": "production", "clients": str(write_clients(tmp_path / "clients.toml", HOSPITAL))}

    with pytest.raises(SettingsError, match="CDS_AUDIT=off is for a sandbox"):
        create_app(Settings(**production, audit="off", audit_key=KEY))
    with pytest.raises(SettingsError, match="CDS_AUDIT_KEY is not set"):
        create_app(Settings(**production))


def test_a_sandbox_without_a_key_says_so_once(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Keyed] = []
    monkeypatch.setattr(Keyed, "warn", lambda keyed: told.append(keyed))
    client = started(audit_key="")
    for _ in range(3):
        client.post(VIEW, json=good())
        recorder_of(client).close()
    clerk = client.application.extensions["clerk"]
    assert [each for each in told if each is clerk.keyed] == [clerk.keyed]


def test_what_is_older_than_the_site_wants_is_deleted(
    started: Started, file_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = started()
    client.post(VIEW, json=good())
    recorder_of(client).close()
    with open_engine(file_url).begin() as connection:
        connection.exec_driver_sql("UPDATE evaluation SET at = '2020-01-01 00:00:00.000000'")
        connection.exec_driver_sql("UPDATE shown_card SET shown_at = '2020-01-01 00:00:00.000000'")
    later = started(retention_days=30)
    later.post(VIEW, json=good())
    until(lambda: len(rows(file_url)) == 1 and rows(file_url)[0].at.year > 2020)


def until(true: Callable[[], bool]) -> None:
    latest = time.monotonic() + 15
    while not true() and time.monotonic() < latest:
        time.sleep(0.05)
    assert true()


class Trouble:
    """A database that a service writes to, and what befalls it."""

    def __init__(self, url: str, strike: Callable[[], None], heal: Callable[[], None]) -> None:
        self.url, self.strike, self.heal = url, strike, heal


def locked(file: Path) -> Trouble:
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    return Trouble(
        f"sqlite:///{file}",
        lambda: holder.execute("BEGIN EXCLUSIVE").close(),
        lambda: holder.execute("ROLLBACK").close(),
    )


@pytest.fixture
def own_server() -> Iterator[Postgresql]:
    with running() as server:
        yield server


@pytest.fixture(
    params=[
        "locked",
        pytest.param("killed", marks=pytest.mark.servers),
        pytest.param("hanging", marks=pytest.mark.servers),
    ]
)
def trouble(request: pytest.FixtureRequest, tmp_path: Path) -> Trouble:
    if request.param == "locked":
        file = tmp_path / "audit.sqlite3"
        upgrade(open_engine(f"sqlite:///{file}"))
        return locked(file)
    server: Postgresql = request.getfixturevalue("own_server")
    url = server.new_database()
    upgrade(open_engine(url))
    killed = request.param == "killed"
    return Trouble(url, *((server.end, server.start) if killed else (server.freeze, server.thaw)))


def recorded(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(evaluation)) or 0)


def test_an_outage_under_load_delays_no_call_and_every_loss_is_counted(
    trouble: Trouble, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four callers before, during and after it; feedback at the same time, which waits, and keeps no call waiting."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(recorder, "RETRY_SECONDS", (0.0, 0.1))
    monkeypatch.setattr(recorder, "GATHER_SECONDS", 0.05)
    client = started(database_url=trouble.url)
    body = good()

    def call(_: int) -> float:
        began = time.perf_counter()
        assert client.application.test_client().post(VIEW, json=body).status_code == 200
        return time.perf_counter() - began

    with ThreadPoolExecutor(4) as pool:
        healthy = list(pool.map(call, range(CALLS)))
        until(lambda: recorded(open_engine(trouble.url)) == CALLS)
        trouble.strike()
        feedback = pool.submit(client.application.test_client().post, FEEDBACK, json=OVERRIDDEN)
        ailing = list(pool.map(call, range(CALLS)))
        assert feedback.result(30).status_code == 503
        trouble.heal()
        until(lambda: client.application.test_client().post(FEEDBACK, json=OVERRIDDEN).status_code == 200)
        list(pool.map(call, range(CALLS)))

    assert statistics.median(ailing) < 2 * statistics.median(healthy) + 0.005
    assert max(ailing) < max(1.0, 2 * max(healthy))
    engine = open_engine(trouble.url)
    until(lambda: recorded(engine) + recorder_of(client).lost.calls == 3 * CALLS)


OVERRIDDEN = {
    "feedback": [
        {
            "card": "0ee39951-9dce-41e8-81ee-13c829b6794b",
            "outcome": "overridden",
            "outcomeTimestamp": "2026-11-22T08:14:00Z",
        }
    ]
}
