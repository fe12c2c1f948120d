"""Feedback that is not taken: malformed, too long, for nobody, from elsewhere."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import StandIn
from tests.web.feedback.reports import ACCEPTED, CANARY, CARD, FEEDBACK, SHOWN, VIEW, Started, diagnostics, recorder


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
