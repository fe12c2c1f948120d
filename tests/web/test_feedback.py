"""POST /cds-services/ID/feedback: from the request to the file, and what never gets there."""

import json
import logging
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.audit.account import Account
from cds_service.hooks.services import SERVICES
from cds_service.records import database
from cds_service.records.recorder import Lost, Recorder
from tests.web.conftest import StandIn

VIEW = "/cds-services/anakinra-neutropenia-view"
FEEDBACK = f"{VIEW}/feedback"
CANARY = "Canary-Zx9-Patient"
CARD = "0ee39951-9dce-41e8-81ee-13c829b6794b"
SUGGESTION = "83e4cfc3-8ed4-421d-b3ec-7609e6a38125"
ACCEPTED = {
    "card": CARD,
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": SUGGESTION}],
    "outcomeTimestamp": "2020-05-13T20:08:46.365Z",
}
OVERRIDDEN = {
    "card": CARD,
    "outcome": "overridden",
    "outcomeTimestamp": "2020-05-13T20:09:50.128Z",
    "overrideReason": {"reason": {"code": "other", "system": "urn:x"}, "userComment": CANARY},
}
SHOWN = {
    "uuid": CARD,
    "indicator": "warning",
    "summary": CANARY,
    "source": {"label": "l", "topic": {"code": "hold-anakinra"}},
    "suggestions": [{"uuid": SUGGESTION, "label": "Hold anakinra", "actions": [{"description": CANARY}]}],
}

Rows = Callable[[str], list[tuple[Any, ...]]]
Started = Callable[..., FlaskClient]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "feedback.sqlite3"


@pytest.fixture
def started(client_with: Started, file: Path) -> Iterator[Started]:
    """A function: a client of a service with its own file; what it recorded is written at the end of the test."""
    clients: list[FlaskClient] = []

    def start(**settings: Any) -> FlaskClient:
        clients.append(client_with(**{"database_url": f"sqlite:///{file}"} | settings))
        return clients[-1]

    yield start
    for each in clients:
        recorder(each).close()


@pytest.fixture
def client(started: Started) -> FlaskClient:
    return started()


@pytest.fixture
def rows(file: Path) -> Rows:
    def read(query: str) -> list[tuple[Any, ...]]:
        return sqlite3.connect(file).execute(query).fetchall()

    return read


def recorder(client: FlaskClient) -> Recorder[Account]:
    found: Recorder[Account] = client.application.extensions["clerk"].recorder
    return found


def diagnostics(answer: Any) -> list[str]:
    assert answer.content_type == "application/fhir+json"
    return [issue["diagnostics"] for issue in answer.get_json()["issue"]]


def test_a_batch_is_stored_once(client: FlaskClient, rows: Rows) -> None:
    batch = {"feedback": [ACCEPTED, OVERRIDDEN]}
    first, second = client.post(FEEDBACK, json=batch), client.post(FEEDBACK, json=batch)

    assert (first.status_code, first.get_json()) == (200, {"stored": 2, "repeated": 0})
    assert (second.status_code, second.get_json()) == (200, {"stored": 0, "repeated": 2})
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cache-Control"] == "no-store"
    assert rows("SELECT service_id, card_uuid, outcome, reason_code, comment FROM feedback ORDER BY outcome") == [
        ("anakinra-neutropenia-view", CARD, "accepted", None, None),
        ("anakinra-neutropenia-view", CARD, "overridden", "other", None),
    ]
    assert rows("SELECT suggestion_uuid FROM accepted_suggestion") == [(SUGGESTION,)]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_takes_it_without_a_content_type_and_with_any_slashes(client: FlaskClient, service: str) -> None:
    body = json.dumps({"feedback": [ACCEPTED]})
    assert client.post(f"/cds-services//{service}/feedback/", data=body).get_json()["stored"] == 1


def test_one_wrong_report_and_nothing_of_the_batch_is_stored(client: FlaskClient, file: Path) -> None:
    answer = client.post(FEEDBACK, json={"feedback": [ACCEPTED, {"card": CARD, "outcome": CANARY}]})

    assert answer.status_code == 400
    assert [line.partition(": ")[0] for line in diagnostics(answer)] == [
        "/feedback/1/outcome",
        "/feedback/1/outcomeTimestamp",
    ]
    assert {issue["code"] for issue in answer.get_json()["issue"]} == {"invalid"}
    assert CANARY not in answer.get_data(as_text=True)
    assert not file.exists()


# GOOD stands for a good batch without its closing brace, to which something is added.
MALFORMED = {
    "nothing": b"",
    "white space": b" \n",
    "a word": CANARY.encode(),
    "a string": b'"x"',
    "a number": b"1",
    "null": b"null",
    "a list of reports": json.dumps([ACCEPTED]).encode(),
    "no closing brace": b"GOOD",
    "two objects": b"GOOD}{}",
    "a trailing comma": b"GOOD,}",
    "single quotes": b"{'feedback': []}",
    "NaN in an unknown field": b'GOOD,"x":NaN}',
    "Infinity": b'{"feedback":[{"card":-Infinity}]}',
    "NUL in a text": b'GOOD,"x":"\0"}',
    "a lone surrogate": b'{"feedback":[{"card":"\\ud800"}]}',
    "Latin-1": b'GOOD,"x":"\xe9"}',
    "UTF-16": "{}".encode("utf-16"),
    "gzip": b"\x1f\x8b\x08\x00",
    "a form": b"feedback=accepted",
    "deep lists": b'{"feedback":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep objects in an unknown field": b'GOOD,"x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    "feedback twice": b'GOOD,"feedback":[]}',
    "feedback twice, once escaped": b'GOOD,"feedb\\u0061ck":[]}',
    "outcome twice": b'{"feedback":[{"outcome":"accepted","outcome":"overridden"}]}',
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_body_is_a_400_that_quotes_nothing(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, file: Path, body: bytes
) -> None:
    good = json.dumps({"feedback": [ACCEPTED]}).encode()[:-1]
    answer = client.post(FEEDBACK, data=body.replace(b"GOOD", good), content_type="application/json")

    assert answer.status_code == 400
    assert all(diagnostics(answer))
    assert CANARY not in answer.get_data(as_text=True) + caplog.text
    assert not file.exists()


def test_a_body_too_long_is_a_413(started: Started) -> None:
    answer = started(max_body_bytes=1024).post(FEEDBACK, data=b" " * 1025)
    assert answer.status_code == 413
    assert answer.get_json()["issue"][0]["code"] == "too-long"


def test_an_unknown_service_is_a_404(client: FlaskClient) -> None:
    answer = client.post("/cds-services/nobody/feedback", json={"feedback": [ACCEPTED]})
    assert answer.status_code == 404
    assert "GET /cds-services lists them" in diagnostics(answer)[0]


def test_a_sandbox_takes_it_from_its_own_machine_only(client: FlaskClient, started: Started) -> None:
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}, "json": {"feedback": [ACCEPTED]}}
    assert client.post(FEEDBACK, **elsewhere).status_code == 403
    assert started(sandbox_public=True).post(FEEDBACK, **elsewhere).status_code == 200


def test_switched_off_it_is_a_404_and_nothing_is_recorded(
    started: Started, stand_in: StandIn, good_body: Callable[[str], dict[str, Any]], file: Path
) -> None:
    stand_in.body = json.dumps({"cards": [SHOWN]}).encode()
    client = started(feedback="off", audit="off")
    assert client.post(VIEW, json=good_body("patient-view")).status_code == 200
    answer = client.post(FEEDBACK, json={"feedback": [ACCEPTED]})
    recorder(client).close()

    assert answer.status_code == 404
    assert "takes no feedback (CDS_FEEDBACK=off)" in diagnostics(answer)[0]
    assert not file.exists()


def test_comments_are_stored_only_where_a_setting_says_so(started: Started, rows: Rows) -> None:
    client = started(feedback_comments="on")
    client.post(FEEDBACK, json={"feedback": [OVERRIDDEN]})
    assert rows("SELECT comment FROM feedback") == [(CANARY,)]


def test_shown_cards_are_recorded_after_the_answer(
    client: FlaskClient, stand_in: StandIn, good_body: Callable[[str], dict[str, Any]], rows: Rows
) -> None:
    without_uuid = {name: value for name, value in SHOWN.items() if name != "uuid"}
    stand_in.body = json.dumps({"cards": [SHOWN, without_uuid]}).encode()
    client.post(VIEW, json=good_body("patient-view"))
    recorder(client).close()

    assert rows("SELECT service_id, hook, card_uuid, advice_code, indicator, suggestions FROM shown_card") == [
        (
            "anakinra-neutropenia-view",
            "patient-view",
            CARD,
            "hold-anakinra",
            "warning",
            json.dumps({SUGGESTION: "Hold anakinra"}, separators=(",", ":")),
        )
    ]


def test_nothing_of_a_patient_is_in_the_files_or_the_log(
    client: FlaskClient,
    stand_in: StandIn,
    good_body: Callable[[str], dict[str, Any]],
    file: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The canary is in the comment, the display, unknown fields, and all over the hook call."""
    caplog.set_level(logging.INFO)
    stand_in.body = json.dumps({"cards": [SHOWN]}).encode()
    call = good_body("patient-view") | {"hookInstance": CANARY, "prefetch": {"patient": {"id": CANARY}}}
    call["context"] |= {"patientId": CANARY, "userId": f"Practitioner/{CANARY}"}
    assert client.post(VIEW, json=call).status_code == 200
    spoken = OVERRIDDEN | {"patient": CANARY}
    spoken["overrideReason"] = {
        "reason": {"code": "other", "system": "urn:x", "display": CANARY},
        "userComment": CANARY,
    }
    answer = client.post(FEEDBACK, json={"feedback": [spoken], "context": call["context"]})
    assert answer.get_json() == {"stored": 1, "repeated": 0}
    recorder(client).close()

    written = list(file.parent.iterdir())
    assert written
    assert not any(CANARY.encode() in each.read_bytes() for each in written)
    assert CANARY not in caplog.text
    assert "feedback=1 repeated=0" in caplog.text


def test_feedback_that_cannot_be_stored_is_a_503_that_says_so(
    started: Started, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "occupied").write_text("a file where a folder should be")
    client = started(database_url=f"sqlite:///{tmp_path}/occupied/feedback.sqlite3")
    answer = client.post(FEEDBACK, json={"feedback": [OVERRIDDEN]})

    assert answer.status_code == 503
    assert answer.get_json()["issue"][0]["code"] == "transient"
    assert "send it again later" in diagnostics(answer)[0]
    assert str(tmp_path) not in answer.get_data(as_text=True)
    assert f"feedback was not stored: The database {tmp_path}/occupied" in caplog.text
    assert CANARY not in caplog.text


def test_once_the_database_is_back_it_is_used(started: Started, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    client = started()
    assert client.post(FEEDBACK, json={"feedback": [OVERRIDDEN]}).status_code == 503
    (tmp_path / "state").unlink()
    assert client.post(FEEDBACK, json={"feedback": [OVERRIDDEN]}).get_json()["stored"] == 1


@pytest.mark.parametrize("trouble", ["locked", "unwritable"])
def test_a_hook_call_is_answered_as_fast_whatever_ails_the_database(
    trouble: str,
    started: Started,
    stand_in: StandIn,
    good_body: Callable[[str], dict[str, Any]],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    stand_in.body = json.dumps({"cards": [SHOWN]}).encode()
    client = started()
    if trouble == "locked":
        client.post(FEEDBACK, json={"feedback": [OVERRIDDEN]})
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    else:
        file.parent.write_text("a file where a folder should be")

    def milliseconds() -> float:
        began = time.perf_counter()
        assert client.post(VIEW, json=good_body("patient-view")).status_code == 200
        return (time.perf_counter() - began) * 1000

    assert statistics.median(milliseconds() for _ in range(200)) < 50
    recorder(client).close(10)
    assert recorder(client).lost == Lost(200, 200)


ONE_CALL = """
import json, sys
from cds_service import create_app
from cds_service.hooks.services import SERVICES
client = create_app().test_client()
client.get("/cds-services")
body = {"hook": "patient-view", "hookInstance": "h", "context": {"userId": "Practitioner/1", "patientId": "p"},
        "prefetch": {key: {"resourceType": "Bundle", "type": "searchset"} for key in ("medications", "neutrophils")}}
assert client.post("/cds-services/anakinra-neutropenia-view", json=body).status_code == 200
assert not {"sqlalchemy", "alembic", "psycopg"} & set(sys.modules)
"""


def test_neither_the_start_nor_a_hook_call_imports_sqlalchemy() -> None:
    ran = subprocess.run([sys.executable, "-c", ONE_CALL], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_two_workers_take_the_same_report_and_one_row_stays(tmp_path: Path) -> None:
    """A real gunicorn with two workers, one file, forty posts of one report: and it ends with nothing left to write."""
    file = tmp_path / "feedback.sqlite3"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CDS_")}
    environment |= {"CDS_DATABASE_URL": f"sqlite:///{file}", "CDS_MODE": "sandbox"}
    command = "-m gunicorn --workers 2 --threads 4 --worker-class gthread --bind 127.0.0.1:0 --no-control-socket"
    server = subprocess.Popen(
        [sys.executable, *command.split(), "cds_service:create_app()"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        address = next(line.split()[-2] for line in server.stderr if "Listening at" in line)
        said = subprocess.run(
            [sys.executable, "-c", POSTS, address + FEEDBACK, json.dumps({"feedback": [ACCEPTED]})],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert said.stdout.split() == ["40", "1"], said.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
    assert server.returncode == 0
    assert sqlite3.connect(file).execute("SELECT count(*) FROM feedback").fetchone() == (1,)


POSTS = """
import sys
from concurrent.futures import ThreadPoolExecutor
import requests
def post(_):
    return requests.post(sys.argv[1], data=sys.argv[2], timeout=30).json()["stored"]
with ThreadPoolExecutor(8) as pool:
    stored = list(pool.map(post, range(40)))
print(len(stored), sum(stored))
"""
