"""Every fault of a FHIR server ends in time, with an outcome in words, and without the token leaving the server."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from cds_service.fhir.breaker import FAILURES
from cds_service.fhir.client import FhirClient
from cds_service.fhir.gather import gather
from cds_service.fhir.keydata import KeyData
from tests.clinical.tables import Line
from tests.fault_server import NO_CONNECTION, Canary, FaultServer, faulty
from tests.faults import FAULTS
from tests.faults.table import ALL, HANGING, SEARCHES, fault_of
from tests.fhir.sample import SEARCH, TOKEN, access_to, observations
from tests.in_time import in_time, timed

DEADLINE_MS = 300
DEADLINE_S, LATE_S = DEADLINE_MS / 1000, 0.1
UNHURRIED_MS = 10_000
"""For a server that answers, however it does: a busy machine may take long to hear it."""


def _ask(client: FhirClient, base_url: str, milliseconds: int = DEADLINE_MS) -> KeyData:
    return gather({}, {"neutrophils": SEARCH}, client, access_to(base_url, milliseconds))["neutrophils"]


def test_every_fault_has_its_line_in_the_table() -> None:
    assert sorted(line["fault"] for line in ALL) == sorted({*FAULTS, *NO_CONNECTION})


@pytest.mark.parametrize("line", SEARCHES, ids=fault_of)
def test_a_fault_ends_in_time_with_its_reason(line: Line, client: FhirClient, canary: Canary) -> None:
    servers = []

    def attempt() -> tuple[KeyData, float]:
        with faulty(observations, line["fault"], canary=canary) as server:
            servers.append(server)
            return timed(lambda: _ask(client, server.base_url, DEADLINE_MS if hangs else UNHURRIED_MS))

    hangs = line["fault"] in HANGING
    data = in_time(LATE_S, attempt, DEADLINE_S if hangs else UNHURRIED_MS / 1000)
    assert (data.state, str(len(data.pages)), str(data.completeness.extent)) == (
        line["state"],
        line["pages"],
        line["extent"],
    )
    assert line["reason"] in data.completeness.reason
    assert bool(line["reason"]) == bool(data.completeness.reason)
    assert canary.received == []
    asked = [request for server in servers for request in server.requests]
    assert all(request.headers["authorization"] == f"Bearer {TOKEN}" for request in asked)
    assert not any(secret in data.completeness.reason for secret in (TOKEN, "patient=", "127.0.0.1"))


@pytest.mark.parametrize("fault", HANGING)
def test_fifty_calls_at_once_all_come_back_in_time(fault: str, client: FhirClient) -> None:
    def attempt() -> tuple[list[KeyData], float]:
        with faulty(observations, fault) as server, ThreadPoolExecutor(50) as callers:
            answers = list(callers.map(lambda _: timed(lambda: _ask(client, server.base_url)), range(50)))
        return [data for data, _ in answers], max(seconds for _, seconds in answers)

    # Where the fifty do not begin at once, the last of them find that the first have failed.
    for data in in_time(LATE_S, attempt, DEADLINE_S):
        assert "time allowed" in data.completeness.reason or "not asked again" in data.completeness.reason


@pytest.mark.parametrize("fault", sorted(set(HANGING) - set(NO_CONNECTION)))
def test_the_threads_come_free_again_at_the_deadline(fault: str, client: FhirClient) -> None:
    with FaultServer(observations, fault, only=lambda asked: asked.startswith("Observation")) as server:
        for _ in range(FAILURES - 1):  # one more, and the server would be left alone
            gather(
                {},
                {str(n): f"{SEARCH}&x={n}" for n in range(client.limits.calls_per_host)},
                client,
                access_to(server.base_url, 50),
            )
        data = gather({}, {"conditions": "Condition?patient=1"}, client, access_to(server.base_url))["conditions"]
    assert data.completeness.complete


def test_a_server_that_hangs_does_not_hold_up_another(client: FhirClient) -> None:
    with FaultServer(observations, "dripped-headers") as dead, FaultServer(observations) as alive:
        with ThreadPoolExecutor(20) as callers:
            stuck = [callers.submit(_ask, client, dead.base_url, 3000) for _ in range(20)]
            answers = [_ask(client, alive.base_url, UNHURRIED_MS) for _ in range(10)]
            assert not any(each.done() for each in stuck), "ten answers came while twenty calls still waited"
        assert all(data.completeness.complete for data in answers)
        assert not any(each.result().completeness.complete for each in stuck)
