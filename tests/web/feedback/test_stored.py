"""POST /cds-services/ID/feedback: what is stored of it and of the cards it is about, and what never is."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.hooks.services import SERVICES
from tests.web.conftest import StandIn
from tests.web.feedback.reports import (
    ACCEPTED,
    CANARY,
    CARD,
    FEEDBACK,
    OVERRIDDEN,
    SHOWN,
    SUGGESTION,
    VIEW,
    Rows,
    Started,
    recorder,
)


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
