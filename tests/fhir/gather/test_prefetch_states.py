"""Each state of a prefetch key has one treatment, with a server to ask and without one."""

import json
from typing import Any

import msgspec
import pytest

from cds_service.clinical.record import Extent
from cds_service.fhir.client import FhirClient
from cds_service.fhir.gather import gather
from tests.fault_server import FaultServer
from tests.fhir.sample import SEARCH, access_to, observations

NEXT = {"link": [{"relation": "self", "url": "x"}, {"relation": "next", "url": f"{SEARCH}&page=2"}]}
OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "security", "details": "Ann"}],
}
WARNING = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "processing"}]}
BUNDLE = observations()
NO_HITS = {"resourceType": "Bundle", "type": "searchset", "total": 0}
ABSENT = object()

COMPLETE, PARTIAL, UNAVAILABLE = Extent.COMPLETE, Extent.PARTIAL, Extent.UNAVAILABLE
# what the key holds | without a server: state, pages, extent, reason | with one: state, pages, extent, requests
STATES: list[tuple[str, Any, tuple[str, int, Extent, str], tuple[str, int, Extent, int]]] = [
    ("absent", ABSENT, ("absent", 0, UNAVAILABLE, "no fhirServer was given"), ("fetched", 1, COMPLETE, 1)),
    ("null", None, ("null", 0, COMPLETE, ""), ("null", 0, COMPLETE, 0)),
    ("a Bundle", BUNDLE, ("satisfied", 1, COMPLETE, ""), ("satisfied", 1, COMPLETE, 0)),
    ("a collection", BUNDLE | {"type": "collection"}, ("satisfied", 1, COMPLETE, ""), ("satisfied", 1, COMPLETE, 0)),
    ("no entries", BUNDLE | {"entry": [], "total": 0}, ("empty", 0, COMPLETE, ""), ("empty", 0, COMPLETE, 0)),
    ("no entry", NO_HITS, ("empty", 0, COMPLETE, ""), ("empty", 0, COMPLETE, 0)),
    (
        "only a warning",
        NO_HITS | {"entry": [{"search": {"mode": "outcome"}, "resource": WARNING}]},
        ("empty", 0, COMPLETE, ""),
        ("empty", 0, COMPLETE, 0),
    ),
    (
        "only an error",
        NO_HITS | {"entry": [{"resource": OUTCOME}]},
        ("outcome", 0, UNAVAILABLE, "an error was reported"),
        ("outcome", 0, UNAVAILABLE, 0),
    ),
    (
        "results and an error",
        BUNDLE | {"entry": [*BUNDLE["entry"], {"resource": OUTCOME}]},
        ("satisfied", 1, PARTIAL, "an error was reported"),
        ("satisfied", 1, PARTIAL, 0),
    ),
    (
        "an OperationOutcome",
        OUTCOME,
        ("outcome", 0, UNAVAILABLE, "in prefetch, an OperationOutcome came instead of data (security)"),
        ("outcome", 0, UNAVAILABLE, 0),
    ),
    (
        "a first page",
        BUNDLE | NEXT | {"total": 4},
        ("paged", 1, PARTIAL, "there are more pages, and no fhirServer was given"),
        ("paged", 2, COMPLETE, 1),
    ),
    (
        "less than its total",
        BUNDLE | {"total": 9},
        ("paged", 1, PARTIAL, "9 results were counted, but only 4 came"),
        ("paged", 1, PARTIAL, 0),
    ),
    (
        "a total and nothing",
        NO_HITS | {"total": 3},
        ("paged", 0, UNAVAILABLE, "but only 0 came"),
        ("paged", 0, UNAVAILABLE, 0),
    ),
    ("HTML", "<html>log in</html>", ("unusable", 0, UNAVAILABLE, "no JSON object"), ("unusable", 0, UNAVAILABLE, 0)),
    ("a string", "not available", ("unusable", 0, UNAVAILABLE, "no JSON object"), ("unusable", 0, UNAVAILABLE, 0)),
    ("a number", 7, ("unusable", 0, UNAVAILABLE, "no JSON object"), ("unusable", 0, UNAVAILABLE, 0)),
    ("a list", [BUNDLE], ("unusable", 0, UNAVAILABLE, "no JSON object"), ("unusable", 0, UNAVAILABLE, 0)),
    (
        "another resource",
        {"resourceType": "Observation", "id": "1"},
        ("unusable", 0, UNAVAILABLE, "not the search result"),
        ("unusable", 0, UNAVAILABLE, 0),
    ),
    ("an empty object", {}, ("unusable", 0, UNAVAILABLE, "not the search result"), ("unusable", 0, UNAVAILABLE, 0)),
]
IDS = [name for name, *_ in STATES]


def _held(value: Any) -> dict[str, msgspec.Raw | None]:
    return {} if value is ABSENT else {"neutrophils": msgspec.Raw(json.dumps(value).encode())}


@pytest.mark.parametrize(("_name", "value", "expected", "_with"), STATES, ids=IDS)
def test_without_a_server(_name: str, value: Any, expected: tuple[Any, ...], _with: object, client: FhirClient) -> None:
    data = gather(_held(value), {"neutrophils": SEARCH}, client, None)["neutrophils"]
    assert (data.state, len(data.pages), data.completeness.extent) == expected[:3]
    assert expected[3] in data.completeness.reason
    assert bool(expected[3]) == bool(data.completeness.reason)
    assert data.milliseconds is None
    assert "Ann" not in data.completeness.reason


@pytest.mark.parametrize(("_name", "value", "_without", "expected"), STATES, ids=IDS)
def test_with_a_server(_name: str, value: Any, _without: object, expected: tuple[Any, ...], client: FhirClient) -> None:
    with FaultServer(observations) as server:
        data = gather(_held(value), {"neutrophils": SEARCH}, client, access_to(server.base_url))["neutrophils"]
    assert (data.state, len(data.pages), data.completeness.extent, len(server.requests)) == expected
    assert (data.milliseconds is None) == (expected[3] == 0)


def test_none_is_null() -> None:
    assert gather({"a": None}, {"a": SEARCH}, FhirClientThatIsNeverUsed(), None)["a"].state == "null"


class FhirClientThatIsNeverUsed(FhirClient):
    def __init__(self) -> None:
        """Nothing: any use of it would fail."""


PATIENT = {"resourceType": "Patient", "id": "1"}


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (PATIENT, "satisfied"),
        (PATIENT | {"id": "2"}, "satisfied"),
        (BUNDLE, "unusable"),
        (OUTCOME, "outcome"),
        (None, "null"),
    ],
)
def test_a_single_resource_in_prefetch(value: Any, state: str, client: FhirClient) -> None:
    held = {"patient": msgspec.Raw(json.dumps(value).encode())}
    data = gather(held, {"patient": "Patient/1"}, client, None)["patient"]
    assert data.state == state
    assert len(data.pages) == (state == "satisfied")


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (PATIENT, "fetched", ""),
        (PATIENT | {"id": "2"}, "failed", "the answer is not the Patient asked for"),
        (BUNDLE, "failed", "the answer is not the Patient asked for"),
        (OUTCOME, "failed", "an OperationOutcome came instead of data (security)"),
    ],
)
def test_a_single_resource_fetched(answer: dict[str, Any], state: str, reason: str, client: FhirClient) -> None:
    with FaultServer(lambda _: answer) as server:
        data = gather({}, {"patient": "Patient/1"}, client, access_to(server.base_url))["patient"]
    assert (data.state, data.completeness.reason) == (state, reason)


def test_a_patient_id_that_is_no_id_is_not_asked_for(client: FhirClient) -> None:
    with FaultServer(observations) as server:
        data = gather({}, {"patient": "Patient/1/../2"}, client, access_to(server.base_url))["patient"]
    assert (data.state, data.completeness.reason) == ("absent", "its search is no resource type and no Type/id")
    assert server.requests == []
