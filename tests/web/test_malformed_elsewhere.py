"""Bodies that cannot be read, at the POST addresses beside hook calls: a refusal, and nothing of it comes back."""

import json
import re

import pytest

from cds_service import create_app
from cds_service.settings import Settings
from tests.web.malformed import CANARY, TEXTS

VIEW = "/cds-services/anakinra-neutropenia-view"
REPORT = {"card": "c1", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T08:16:02Z"}
ASKED = {"patientId": "pat1", "fhirServer": "http://127.0.0.1:9/fhir"}
OTHERS = {
    f"{VIEW}/feedback": (
        {"feedback": [REPORT]},
        {
            "feedback is null": {"feedback": None},
            "feedback is a string": {"feedback": CANARY},
            "feedback is an object": {"feedback": {"card": CANARY}},
            "a report is a string": {"feedback": [CANARY]},
            "a report is null": {"feedback": [None]},
            "too many reports": {"feedback": [REPORT] * 1001},
            "too many members": {CANARY + str(each): 1 for each in range(2000)},
            **{
                f"a report whose {name} is {kind}": {"feedback": [REPORT | {name: odd}]}
                for name in REPORT
                for kind, odd in {"null": None, "a number": 5, "a list": [CANARY], "odd": f"{CANARY} <b>"}.items()
            },
            "suggestions without ids": {"feedback": [REPORT | {"outcome": "accepted", "acceptedSuggestions": [{}]}]},
            "an override that is a string": {"feedback": [REPORT | {"overrideReason": CANARY}]},
            "a comment that is a list": {"feedback": [REPORT | {"overrideReason": {"userComment": [CANARY]}}]},
        },
    ),
    "/causality": (
        ASKED,
        {
            f"{name} is {kind}": {name: odd}
            for name in ASKED
            for kind, odd in {"null": None, "a number": 5, "a list": [CANARY], "odd": f"{CANARY} x\0"}.items()
        },
    ),
}
# What every reader of the first byte refuses; members that one address asks for mean nothing at another.
OF_HOOKS = re.compile("a prefetch key|prefetch twice|context twice")
ANYWHERE = {name: text for name, text in TEXTS.items() if not OF_HOOKS.match(name)}


def _elsewhere():
    for address, (good, odd) in OTHERS.items():
        for name, text in ANYWHERE.items():
            yield pytest.param(address, text.replace(b"GOOD", json.dumps(good).encode()[:-1]), id=f"{address}: {name}")
        for name, members in odd.items():
            yield pytest.param(address, json.dumps(good | members).encode(), id=f"{address}: {name}")


@pytest.fixture(scope="module")
def service():
    return create_app(Settings(deadline_ms=50)).test_client()


@pytest.mark.parametrize(("address", "body"), list(_elsewhere()))
def test_every_other_address_refuses_as_plainly(service, caplog, address, body):
    response = service.post(address, data=body, content_type="application/json")

    assert response.status_code in (400, 413)  # /causality takes short bodies only
    assert response.content_type == "application/fhir+json"
    assert all(issue["diagnostics"] for issue in response.get_json()["issue"])
    assert CANARY not in response.get_data(as_text=True)
    assert CANARY not in caplog.text


@pytest.mark.parametrize("name", TEXTS)
def test_the_validator_reports_whatever_it_is_sent(client, name):
    body = TEXTS[name].replace(b"GOOD", b'{"hook": "patient-view"')

    response = client.post("/validate", data=body, content_type="application/json")

    assert response.status_code in (200, 400)
    told = response.get_json()
    assert told["findings"] if response.status_code == 200 else told["issue"][0]["diagnostics"]
