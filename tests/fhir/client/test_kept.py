"""What the client keeps between calls: connections and threads, never a request that failed."""

import os
import threading
import time

import pytest

from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import FetchFailure, TimedOut
from tests.fault_server import FaultServer
from tests.faults import FAULTS, Exchange
from tests.fhir.sample import access_to, fetch, observations


def test_connections_are_kept(client: FhirClient) -> None:
    with FaultServer(observations) as server:
        for _ in range(5):
            fetch(client, access_to(server.base_url))
    assert server.connections == 1


def _closes_the_kept_connection(exchange: Exchange) -> None:
    if len(exchange.server.requests) == 2:
        exchange.hang_up()
    else:
        exchange.send_json(observations())


def test_a_kept_connection_that_the_server_closed_is_replaced(
    client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FAULTS, "closes-kept", _closes_the_kept_connection)
    with FaultServer(observations, "closes-kept") as server:
        for _ in range(2):
            assert fetch(client, access_to(server.base_url))
    assert (server.connections, len(server.requests)) == (2, 3)


@pytest.mark.parametrize("fault", ["500", "429", "503", "hangs-up-at-once", "dripped-body"])
def test_a_failed_request_is_not_sent_again(fault: str, client: FhirClient) -> None:
    with FaultServer(observations, fault) as server:
        with pytest.raises(FetchFailure):
            fetch(client, access_to(server.base_url, 500 if fault == "dripped-body" else 10_000))
        assert len(server.requests) == 1


def test_an_answer_that_comes_after_the_deadline_is_not_used(
    client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = access_to("http://127.0.0.1:1/fhir", 30)

    def late(*_: object) -> bytes:
        time.sleep(0.05)
        return b"{}"

    monkeypatch.setattr(FhirClient, "_get", late)
    with pytest.raises(TimedOut):
        fetch(client, access)


def test_a_client_starts_anew_after_a_fork(client: FhirClient) -> None:
    with FaultServer(observations) as server:
        fetch(client, access_to(server.base_url))
        child = os.fork()
        if child == 0:
            done: list[bytes] = []
            access = access_to(server.base_url)
            client.side_by_side([lambda: done.append(fetch(client, access))], access)
            os._exit(0 if done else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        fetch(client, access_to(server.base_url))
    assert server.connections == 2


def test_a_fault_of_our_own_is_not_hidden(client: FhirClient) -> None:
    def job() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        client.side_by_side([job], access_to("http://127.0.0.1:1/fhir"))


def test_a_job_without_a_clock_is_left_behind(client: FhirClient) -> None:
    access = access_to("http://127.0.0.1:1/fhir", 100)
    release = threading.Event()

    def job() -> None:
        release.wait(5)

    client.side_by_side([job], access)
    assert access.deadline.passed
    release.set()


def test_a_closed_client_opens_again(client: FhirClient) -> None:
    with FaultServer(observations) as server:
        for _ in range(2):
            fetch(client, access_to(server.base_url))
            client.close()
    assert server.connections == 2


def test_servers_that_were_not_used_for_long_lose_their_threads(
    client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cds_service.fhir.lanes.MAX_LANES", 2)
    done: list[int] = []
    for number in range(1, 6):
        client.side_by_side([lambda n=number: done.append(n)], access_to(f"http://127.0.0.1:{number}/fhir"))
    assert done == [1, 2, 3, 4, 5]
