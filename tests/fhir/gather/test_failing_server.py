"""A server that failed several times is not asked for a while: the answer comes at once, and says so."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from cds_service.clinical.record import Extent
from cds_service.fhir import lanes
from cds_service.fhir.access import Limits
from cds_service.fhir.breaker import FAILURES, PAUSE_S
from cds_service.fhir.client import FhirClient
from cds_service.fhir.gather import gather
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.references import read_many
from tests.fault_server import FaultServer, Unreachable
from tests.faults import FAULTS
from tests.fhir.sample import SEARCH, access_to, observations
from tests.in_time import AT_ONCE_S, timed, wait_for

SOON_MS = 200
"""For a server that hangs; one that answers too late counts as well."""
UNHURRIED_MS = 10_000


class Later:
    """A monotonic clock that tests move on."""

    seconds = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.seconds


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def client(later: Later) -> Iterator[FhirClient]:
    client = FhirClient(Limits(max_pages=5), clock=later)
    yield client
    client.close()


def _ask(client: FhirClient, url: str, milliseconds: int = UNHURRIED_MS) -> KeyData:
    return gather({}, {"neutrophils": SEARCH}, client, access_to(url, milliseconds))["neutrophils"]


def _fail(client: FhirClient, url: str, times: int = FAILURES, milliseconds: int = SOON_MS) -> None:
    for _ in range(times):
        assert not _ask(client, url, milliseconds).completeness.complete


@pytest.mark.parametrize("fault", ["slow-first-byte", "dripped-headers", "500", "503", "429", "hangs-up-at-once"])
def test_it_is_not_asked_and_the_answer_comes_at_once(client: FhirClient, fault: str) -> None:
    with FaultServer(observations, fault) as server:
        _fail(client, server.base_url)
        asked = len(server.requests)
        data, seconds = timed(lambda: _ask(client, server.base_url))
        assert seconds < AT_ONCE_S
        assert len(server.requests) == asked
    assert (data.state, data.completeness.extent) == ("failed", Extent.UNAVAILABLE)
    assert data.completeness.reason.startswith("the FHIR server failed several times; not asked again until ")


@pytest.mark.parametrize("hang", [False, True])
def test_nor_is_one_without_a_connection(client: FhirClient, hang: bool) -> None:
    nobody = Unreachable(hang=hang)
    _fail(client, nobody.base_url)
    data, seconds = timed(lambda: _ask(client, nobody.base_url))
    assert "not asked again" in data.completeness.reason
    assert seconds < AT_ONCE_S
    nobody.close()


def test_a_name_server_that_hangs_counts_though_nothing_ends_it(
    client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = Event()
    monkeypatch.setattr("cds_service.fhir.connect.socket.getaddrinfo", lambda *_, **__: over.wait(10) or [])
    for _ in range(FAILURES):
        assert "time allowed" in _ask(client, "http://ehr.example.org/fhir", SOON_MS).completeness.reason
    assert "not asked again" in _ask(client, "http://ehr.example.org/fhir").completeness.reason
    over.set()


@pytest.mark.parametrize("fault", ["401", "403", "404", "410", "412", "302", "html-200", "outcome-200", "too-large"])
def test_what_may_lie_with_one_patient_or_one_token_never_stops_the_asking(client: FhirClient, fault: str) -> None:
    with FaultServer(observations, fault) as server:
        _fail(client, server.base_url, 2 * FAILURES, UNHURRIED_MS)
        assert len(server.requests) == 2 * FAILURES


def test_one_search_that_hangs_never_stops_the_others(client: FhirClient) -> None:
    plan = {"neutrophils": SEARCH, "conditions": "Condition?patient=1"}
    with FaultServer(observations, "slow-first-byte", only=lambda asked: asked.startswith("Obs")) as server:
        for _ in range(2 * FAILURES):
            found = gather({}, plan, client, access_to(server.base_url, 500))
            assert found["conditions"].completeness.complete
            assert "time allowed" in found["neutrophils"].completeness.reason


def test_after_the_pause_it_is_tried_and_used_again(client: FhirClient, later: Later) -> None:
    with FaultServer(observations, "500") as server:
        _fail(client, server.base_url)
        later.seconds += PAUSE_S
        assert "HTTP 500" in _ask(client, server.base_url).completeness.reason
        assert "not asked again" in _ask(client, server.base_url).completeness.reason
        server.fault = FAULTS["none"]
        later.seconds += PAUSE_S
        assert _ask(client, server.base_url).completeness.complete
        assert _ask(client, server.base_url).completeness.complete


def test_references_and_further_pages_say_so_as_well(client: FhirClient) -> None:
    with FaultServer(observations, "500") as server:
        _fail(client, server.base_url)
        held = observations() | {"link": [{"relation": "next", "url": f"{server.base_url}/Observation?page=2"}]}
        access = access_to(server.base_url)
        page = gather({"neutrophils": json.dumps(held).encode()}, {"neutrophils": SEARCH}, client, access)[
            "neutrophils"
        ]
        found = read_many(["Medication/1"], client, access)
    assert (page.state, page.completeness.extent, len(page.pages)) == ("paged", Extent.PARTIAL, 1)
    assert page.completeness.reason.startswith("page 2: the FHIR server failed several times")
    assert found["Medication/1"].reason.startswith("the FHIR server failed several times")


def test_a_crowded_server_is_answered_for_at_once(client: FhirClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MAX_WAITING", 4)
    calls = client.limits.calls_per_host + 4
    with FaultServer(observations, "slow-first-byte") as server, ThreadPoolExecutor(calls) as callers:
        stuck = [callers.submit(_ask, client, server.base_url, 2000) for _ in range(calls)]
        held = client._here().lanes._lanes
        wait_for(lambda: sum(lane.held for lane in held.values()) == calls)
        wait_for(lambda: len(server.requests) == client.limits.calls_per_host)
        data, seconds = timed(lambda: _ask(client, server.base_url))
        assert seconds < AT_ONCE_S
        assert len(server.requests) == client.limits.calls_per_host
        assert data.completeness.reason == "too many calls to the FHIR server are under way; it was not asked"
        assert not any(each.result().completeness.complete for each in stuck)
    with FaultServer(observations) as other:
        assert _ask(client, other.base_url).completeness.complete
