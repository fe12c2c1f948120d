"""A client of the service whose clinical half is a stand-in: these tests are about HTTP."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from cds_service.hook_call import Reply
from cds_service.settings import Settings
from cds_service.site import ALWAYS
from cds_service.web import app as web_app

CARD = {"summary": "s", "indicator": "info", "source": {"label": "l", "topic": {"code": "hold-anakinra"}}}


class StandIn:
    """Answers every hook call with ``body``, or raises ``error``; keeps what it was asked."""

    def __init__(self) -> None:
        self.body = json.dumps({"cards": [CARD]}).encode()
        self.error: Exception | None = None
        self.asked: list[Any] = []

    def __call__(self, request: Any, service: Any, site: Any, now: Any, discretion: Any) -> Reply:
        self.asked.append((request, service, site, now))
        if self.error:
            raise self.error
        return Reply(self.body, cards=json.loads(self.body)["cards"])


class NoSite:
    """A site without content: its settings, its terms, and what a record names it by."""

    library = SimpleNamespace(version="0", content_hash="0")
    profile = SimpleNamespace(name="us")
    terms = SimpleNamespace(repeats=ALWAYS)

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def open(cls, settings: Settings) -> "NoSite":
        return cls(settings)


@pytest.fixture
def stand_in(monkeypatch):
    answer = StandIn()
    monkeypatch.setattr(web_app, "answer", answer)
    monkeypatch.setattr(web_app, "Site", NoSite)
    return answer


@pytest.fixture
def client_with(stand_in):
    """A function: the test client of a service with the given settings."""
    return lambda **settings: web_app.build(Settings(**settings)).test_client()


@pytest.fixture
def client(client_with):
    return client_with()


@pytest.fixture
def good_body():
    """A function: the smallest good body of a hook, as a dict."""

    def body(hook: str) -> dict[str, Any]:
        context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": "pat1"}
        if hook != "patient-view":
            context["draftOrders"] = {"resourceType": "Bundle", "entry": []}
        if hook == "order-select":
            context["selections"] = ["MedicationRequest/1"]
        return {"hook": hook, "hookInstance": "588af03f-879b-4321-a503-9af457dba9e4", "context": context}

    return body
