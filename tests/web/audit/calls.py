"""Calls of an audited service, and what is found of them in its database."""

import time
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service.audit.account import Account
from cds_service.audit.tables import evaluation
from cds_service.records.database import open_engine
from cds_service.records.recorder import Recorder
from tests.hook_call.calls import LOW, PATIENT, chart

VIEW = "/cds-services/anakinra-neutropenia-view"
FEEDBACK = f"{VIEW}/feedback"
KEY = "0123456789abcdef0123456789abcdef"

Started = Callable[..., FlaskClient]


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


def until(true: Callable[[], bool]) -> None:
    latest = time.monotonic() + 15
    while not true() and time.monotonic() < latest:
        time.sleep(0.05)
    assert true()
