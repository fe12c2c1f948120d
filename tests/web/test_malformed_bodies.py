"""Hook calls whose body cannot be read: a 400 with an OperationOutcome, and nothing of it comes back."""

import json

import pytest

from cds_service.hooks.services import SERVICES
from tests.web.malformed import CANARY, CONTEXT, DRAFTS, MEMBERS, SELECTIONS, TEXTS


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
