"""Reports as clients send them, and the card they are about."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from cds_service.audit.account import Account
from cds_service.records.recorder import Recorder

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


def recorder(client: FlaskClient) -> Recorder[Account]:
    found: Recorder[Account] = client.application.extensions["clerk"].recorder
    return found


def diagnostics(answer: Any) -> list[str]:
    assert answer.content_type == "application/fhir+json"
    return [issue["diagnostics"] for issue in answer.get_json()["issue"]]
