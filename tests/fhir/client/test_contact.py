"""Which address is contacted: the one that was resolved and checked, once."""

import socket
from typing import Any

import pytest

from cds_service.fhir import connect
from cds_service.fhir.access import Access, Deadline
from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import NotAllowed, Unreachable
from cds_service.fhir.urls import PRODUCTION, check_base
from tests.fault_server import Canary, FaultServer
from tests.fhir.sample import TOKEN, access_to, fetch, observations


class Resolver:
    """A name server that gives these answers in turn, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int, **_: Any) -> list[Any]:
        addresses = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


def _named(server: FaultServer) -> str:
    return server.base_url.replace("127.0.0.1", "ehr.example.org")


def test_a_name_is_resolved_once_and_that_address_is_contacted(
    client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver = Resolver(["127.0.0.1"], ["169.254.169.254"])
    monkeypatch.setattr(connect.socket, "getaddrinfo", resolver)
    with FaultServer(observations) as server:
        assert fetch(client, access_to(_named(server)))
        assert resolver.asked == 1
        assert server.requests[0].headers["host"].startswith("ehr.example.org:")
        client.close()
        with pytest.raises(NotAllowed, match="metadata"):
            fetch(client, access_to(_named(server)))
    assert resolver.asked == 2


def test_one_forbidden_address_refuses_the_name(client: FhirClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect.socket, "getaddrinfo", Resolver(["127.0.0.1", "169.254.169.254"]))
    with FaultServer(observations) as server, pytest.raises(NotAllowed):
        fetch(client, access_to(_named(server)))
    assert server.connections == 0


def test_a_name_that_leads_to_this_machine_is_refused_in_production(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect.socket, "getaddrinfo", Resolver(["127.0.0.1"]))
    base = check_base(canary.url.replace("http://127.0.0.1", "https://ehr.example.org"), PRODUCTION)
    with pytest.raises(NotAllowed, match="loopback"):
        fetch(FhirClient(), Access(base, Deadline.after_ms(500), TOKEN))
    assert canary.received == []


def test_a_dead_first_address_leaves_time_for_the_next(client: FhirClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect.socket, "getaddrinfo", Resolver(["127.0.0.2", "127.0.0.1"]))
    with FaultServer(observations) as server:
        assert fetch(client, access_to(_named(server)))


def test_a_name_that_is_not_known(client: FhirClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(connect.socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="name is not known"):
        fetch(client, access_to("http://ehr.example.org/fhir"))


def test_ipv6(client: FhirClient) -> None:
    with pytest.raises(Unreachable, match="no connection"):
        fetch(client, access_to("http://[::1]:1/fhir"))
