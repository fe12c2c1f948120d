"""A database that cannot be used: feedback is refused until it can, hook calls never notice."""

import json
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cds_service.records import database
from cds_service.records.recorder import Lost
from tests.in_time import slowness
from tests.web.conftest import StandIn
from tests.web.feedback.reports import CANARY, FEEDBACK, OVERRIDDEN, SHOWN, VIEW, Started, diagnostics, recorder


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

    assert statistics.median(milliseconds() for _ in range(200)) < 50 * slowness()
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
