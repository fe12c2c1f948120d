"""Bodies that cannot be read, at every POST address: a 400 with an OperationOutcome, and nothing of it comes back."""

import json
import re

import pytest

from cds_service import create_app
from cds_service.hooks.services import SERVICES
from cds_service.settings import Settings

CANARY = "Canary-Zx9-Patient"

# What replaces or joins the members of a good body. Each holds the canary where a patient's value could stand.
MEMBERS = {
    "hook is a number": {"hook": 5},
    "hook is null": {"hook": None},
    "hook is empty": {"hook": ""},
    "hook is another one": {"hook": CANARY},
    "hookInstance is empty": {"hookInstance": " "},
    "hookInstance is null": {"hookInstance": None},
    "hookInstance is a list": {"hookInstance": [CANARY]},
    "context is null": {"context": None},
    "context is a list": {"context": [CANARY]},
    "context is a string": {"context": CANARY},
    "context is empty": {"context": {}},
    "prefetch is a list": {"prefetch": [CANARY]},
    "prefetch is a string": {"prefetch": CANARY},
    "prefetch is a number": {"prefetch": 1},
    "fhirServer is a number": {"fhirServer": 1},
    "fhirServer is an object": {"fhirServer": {"url": CANARY}},
    "fhirAuthorization is a string": {"fhirServer": "https://ehr.example.org", "fhirAuthorization": CANARY},
    "fhirAuthorization without fhirServer": {"fhirAuthorization": {"access_token": CANARY}},
    "fhirAuthorization with an empty fhirServer": {"fhirServer": "", "fhirAuthorization": {"access_token": CANARY}},
    "access_token is missing": {"fhirServer": "https://ehr.example.org", "fhirAuthorization": {"scope": CANARY}},
    "access_token is a number": {"fhirServer": "https://ehr.example.org", "fhirAuthorization": {"access_token": 1}},
    "access_token holds a header": {
        "fhirServer": "https://ehr.example.org",
        "fhirAuthorization": {"access_token": f"a\r\nX: {CANARY}"},
    },
}

CONTEXT = {
    "userId is null": {"userId": None},
    "userId is empty": {"userId": ""},
    "userId is a number": {"userId": 7},
    "patientId is null": {"patientId": None},
    "patientId is empty": {"patientId": ""},
    "patientId is blank": {"patientId": "  "},
    "patientId is a type alone": {"patientId": "Patient/"},
    "patientId is a number": {"patientId": 7},
    "patientId is an object": {"patientId": {"id": CANARY}},
    "patientId holds white space": {"patientId": f"{CANARY} x"},
    "patientId holds a line break": {"patientId": f"{CANARY}\nx"},
    "patientId holds a query": {"patientId": f"{CANARY}?_count=1"},
    "patientId holds a parameter": {"patientId": f"{CANARY}&code=1"},
    "patientId holds a fragment": {"patientId": f"{CANARY}#x"},
    "patientId holds a path": {"patientId": f"{CANARY}/x"},
    "patientId climbs": {"patientId": ".."},
    "patientId is two patients": {"patientId": f"{CANARY},other"},
    "patientId is percent-encoded": {"patientId": f"{CANARY}%2C"},
    "patientId is not ASCII": {"patientId": f"{CANARY}\u202e"},
    "patientId holds NUL": {"patientId": f"{CANARY}\0"},
    "patientId is too long": {"patientId": CANARY * 20},
}

DRAFTS = {
    "draftOrders is null": {"draftOrders": None},
    "draftOrders is a list": {"draftOrders": [CANARY]},
    "draftOrders is a string": {"draftOrders": CANARY},
    "draftOrders is another resource": {"draftOrders": {"resourceType": "Patient", "id": CANARY}},
    "draftOrders has no resourceType": {"draftOrders": {"entry": []}},
    "draftOrders has an entry that is no list": {"draftOrders": {"resourceType": "Bundle", "entry": CANARY}},
    "draftOrders is DSTU2": {
        "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "MedicationOrder"}}]}
    },
}

SELECTIONS = {
    "selections is null": {"selections": None},
    "selections is a string": {"selections": CANARY},
    "selections is an object": {"selections": {"id": CANARY}},
    "selections holds numbers": {"selections": [1]},
}

# Bodies as bytes: GOOD stands for a good body without its closing brace, to which something is added.
TEXTS = {
    "nothing": b"",
    "white space": b"  \n",
    "a word": CANARY.encode(),
    "a string": b'"%b"' % CANARY.encode(),
    "a number": b"1",
    "null": b"null",
    "a list": b"[]",
    "no closing brace": b"GOOD",
    "two objects": b"GOOD}{}",
    "a trailing comma": b"GOOD,}",
    "single quotes": b"{'hook': 'patient-view'}",
    "NaN": b'GOOD,"prefetch":{"labs":{"value":NaN}}}',
    "Infinity": b'GOOD,"prefetch":{"labs":{"value":-Infinity}}}',
    "NaN in an unknown field": b'GOOD,"x":NaN}',
    "a number with a leading zero": b'GOOD,"prefetch":{"labs":01}}',
    "NUL in a text": b'GOOD,"x":"\0"}',
    "a bare line break in a text": b'GOOD,"x":"\n"}',
    "an unknown escape": b'GOOD,"x":"\\x41"}',
    "a lone surrogate in a raw value": b'GOOD,"prefetch":{"labs":"\\ud800"}}',
    "a lone low surrogate": b'GOOD,"x":"\\udc00"}',
    "Latin-1 in a raw value": b'GOOD,"prefetch":{"labs":"\xe9"}}',
    "Latin-1 in a name": b'GOOD,"\xe9":1}',
    "an overlong encoding": b'GOOD,"x":"\xc0\xaf"}',
    "UTF-16": "{}".encode("utf-16"),
    "gzip": b"\x1f\x8b\x08\x00\x00",
    "XML": b"<Bundle/>",
    "a form": b"hook=patient-view",
    "deep lists in prefetch": b'GOOD,"prefetch":{"labs":' + b"[" * 50_000 + b"]" * 50_000 + b"}}",
    "deep objects in an unknown field": b'GOOD,"x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    "deep and open": b"[" * 100_000,
    "a prefetch key twice": b'GOOD,"prefetch":{"labs":{},"labs":null}}',
    "a prefetch key twice, once escaped": b'GOOD,"prefetch":{"labs":{},"l\\u0061bs":null}}',
    "prefetch twice": b'GOOD,"prefetch":{"neutrophils":{"resourceType":"Bundle"}},"prefetch":{}}',
    "context twice": b'GOOD,"context":{}}',
}


def _made(name, good):
    if name in TEXTS:
        return TEXTS[name].replace(b"GOOD", json.dumps(good).encode()[:-1])
    good |= MEMBERS.get(name, {})
    if name in CONTEXT | DRAFTS | SELECTIONS:
        good["context"] |= (CONTEXT | DRAFTS | SELECTIONS)[name]
    return json.dumps(good).encode()


def _all_cases():
    for service in SERVICES.values():
        names = [*MEMBERS, *CONTEXT, *TEXTS]
        names += DRAFTS if service.hook != "patient-view" else ()
        names += SELECTIONS if service.hook == "order-select" else ()
        yield from (pytest.param(service, name, id=f"{service.hook}: {name}") for name in names)


@pytest.mark.parametrize(("service", "name"), list(_all_cases()))
def test_a_malformed_body_is_a_400_that_quotes_nothing(client, stand_in, good_body, caplog, service, name):
    body = _made(name, good_body(service.hook))

    response = client.post(f"/cds-services/{service.id}", data=body, content_type="application/json")

    assert response.status_code == 400
    assert response.content_type == "application/fhir+json"
    outcome = response.get_json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert all(issue["diagnostics"] for issue in outcome["issue"])
    assert outcome["issue"]
    assert CANARY not in response.get_data(as_text=True)
    assert CANARY not in caplog.text
    assert not stand_in.asked


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


MISSING = [
    ("patient-view", "hook", ["hook is missing"]),
    ("patient-view", "hookInstance", ["hookInstance is missing"]),
    ("patient-view", "context", ["context is missing"]),
    ("patient-view", "context.userId", ["context.userId is missing"]),
    ("patient-view", "context.patientId", ["context.patientId is missing"]),
    ("order-select", "context.selections", ["context.selections is missing"]),
    ("order-select", "context.draftOrders", ["context.draftOrders is missing"]),
    (
        "order-select",
        "context.selections context.draftOrders",
        ["context.selections is missing", "context.draftOrders is missing"],
    ),
    ("order-sign", "context.draftOrders", ["context.draftOrders is missing"]),
    ("order-sign", "hook hookInstance context", ["hook is missing", "hookInstance is missing", "context is missing"]),
]


@pytest.mark.parametrize(("hook", "left_out", "told"), MISSING)
def test_what_is_missing_is_named_all_at_once(client, good_body, hook, left_out, told):
    body = good_body(hook)
    for path in left_out.split():
        *outer, name = path.split(".")
        del (body[outer[0]] if outer else body)[name]
    service = next(service for service in SERVICES.values() if service.hook == hook)

    response = client.post(f"/cds-services/{service.id}", json=body)

    assert response.status_code == 400
    diagnostics = [issue["diagnostics"] for issue in response.get_json()["issue"]]
    assert [text.partition(":")[0] for text in diagnostics] == told


def test_nesting_that_only_a_reader_finds_too_deep_is_a_400(client, stand_in, good_body):
    stand_in.error = RecursionError()

    response = client.post("/cds-services/anakinra-neutropenia-view", json=good_body("patient-view"))

    assert response.status_code == 400
