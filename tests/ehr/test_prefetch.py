"""Prefetch on the EHR's side: filling templates, and what is sent for each way a FHIR server can answer."""

from collections.abc import Callable

import pytest

from cds_service.cli.child_server import free_port
from cds_service.ehr.client import place
from cds_service.ehr.prefetch import filled, resolve
from tests.stub_server import StubServer

CONTEXT = {"patientId": "p 1", "userId": "PractitionerRole/r1", "encounterId": 7, "draftOrders": {}, "flag": True}


@pytest.mark.parametrize(
    ("template", "is_filled"),
    [
        ("Patient/{{context.patientId}}", "Patient/p%201"),
        ("Encounter/{{ context.encounterId }}", "Encounter/7"),
        ("PractitionerRole/{{userPractitionerRoleId}}", "PractitionerRole/r1"),
        ("{{context.userId}}", "PractitionerRole/r1"),
        ("Observation?code=http://loinc.org|751-8&_sort=-date", "Observation?code=http://loinc.org|751-8&_sort=-date"),
        ("Practitioner/{{userPractitionerId}}", None),
        ("Patient/{{context.unknown}}", None),
        ("Patient/{{patientId}}", None),
        ("X/{{context.draftOrders}}", None),
        ("X/{{context.flag}}", None),
        ("Observation?date=gt{{today() - 7 days}}", None),
    ],
)
def test_tokens(template: str, is_filled: str | None) -> None:
    assert filled(template, CONTEXT) == is_filled


BUNDLE = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": {"resourceType": "Condition"}}]}
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0}
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "too-costly"}]}
LEFT_OUT = "left out"


@pytest.mark.parametrize(
    ("path", "status", "body", "sent", "trouble"),
    [
        ("Condition?patient=1", 200, BUNDLE, BUNDLE, ""),
        ("Condition?patient=1", 200, EMPTY, None, ""),
        ("Condition?patient=1", 200, EMPTY | {"entry": []}, None, ""),
        ("Patient/1", 404, OUTCOME, None, ""),
        ("Patient/1", 410, "", None, ""),
        ("Condition?patient=1", 404, "", LEFT_OUT, "HTTP 404, left out"),
        ("Condition?patient=1", 500, OUTCOME, OUTCOME, "HTTP 500: too-costly, passed on as an OperationOutcome"),
        ("Condition?patient=1", 200, OUTCOME, OUTCOME, "HTTP 200: too-costly, passed on as an OperationOutcome"),
        ("Condition?patient=1", 503, "<html>busy</html>", LEFT_OUT, "HTTP 503, left out"),
        ("Condition?patient=1", 200, "<html>login</html>", LEFT_OUT, "HTTP 200, left out"),
        ("Condition?patient=1", 200, [], LEFT_OUT, "HTTP 200, left out"),
        ("Condition?patient=1", 200, {"total": 0}, LEFT_OUT, "HTTP 200, left out"),
    ],
)
def test_each_answer(
    stub: Callable[..., StubServer], path: str, status: int, body: object, sent: object, trouble: str
) -> None:
    fhir = place("--fhir", stub({f"/{path}": (status, body)}).url)
    prefetched = resolve({"key": path}, {}, fhir)
    assert prefetched.values == ({} if sent == LEFT_OUT else {"key": sent})
    assert prefetched.troubles == ({"key": trouble} if trouble else {})


def test_templates_that_cannot_be_filled_are_left_out(stub: Callable[..., StubServer]) -> None:
    server = stub()
    prefetched = resolve({"a": "X/{{userPatientId}}", "b": 7, "c": None}, {"userId": "x"}, place("--fhir", server.url))
    assert prefetched.values == {}
    assert set(prefetched.troubles) == {"a", "b", "c"}
    assert server.asked == []


def test_a_server_that_is_not_there_leaves_the_key_out() -> None:
    prefetched = resolve({"a": "Patient/1"}, {}, place("--fhir", f"http://127.0.0.1:{free_port()}/fhir"))
    assert prefetched.values == {}
    assert "Nobody answers" in prefetched.troubles["a"]


def test_a_search_reaches_the_server_under_its_base(stub: Callable[..., StubServer]) -> None:
    server = stub({"/fhir/Observation?patient=1&code=http://loinc.org|751-8,x&_sort=-date": (200, BUNDLE)})
    asked = {"a": "Observation?patient={{context.patientId}}&code=http://loinc.org|751-8,x&_sort=-date"}
    prefetched = resolve(asked, {"patientId": "1"}, place("--fhir", server.url + "/fhir/"))
    assert prefetched.values == {"a": BUNDLE}
    assert server.asked[0].headers["Accept"].startswith("application/fhir+json")
