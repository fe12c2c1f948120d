"""A name server that changes its mind, or lies: each connection goes to an address that was checked for it."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import NotAllowed
from cds_service.fhir.urls import SANDBOX
from tests.fault_server import FaultServer
from tests.fhir.sample import access_to, fetch

# what the name server answers, one list after the other; the client's networks; whether the first, the second call goes
CHANGING: list[tuple[list[list[str]], tuple[str, ...], list[bool]]] = [
    ([["127.0.0.1"], ["127.0.0.1"]], ("127.0.0.0/8",), [True, True]),
    ([["127.0.0.1"], ["127.0.0.2"]], ("127.0.0.1",), [True, False]),
    ([["127.0.0.2"], ["127.0.0.1"]], ("127.0.0.1",), [False, True]),
    ([["127.0.0.1"], ["169.254.169.254"]], (), [True, False]),
    ([["127.0.0.1"], ["127.0.0.1", "169.254.169.254"]], (), [True, False]),
    ([["127.0.0.1"], ["100.100.100.200"]], (), [True, False]),
    ([["127.0.0.1"], ["224.0.0.1"]], (), [True, False]),
    ([["127.0.0.1"], ["10.0.0.9"]], ("127.0.0.0/8",), [True, False]),
    ([["127.0.0.1"], ["93.184.216.34"]], ("127.0.0.0/8",), [True, False]),
]


@pytest.mark.parametrize(("answers", "networks", "goes"), CHANGING)
def test_each_connection_goes_to_an_address_checked_for_it(
    answers: list[list[str]],
    networks: tuple[str, ...],
    goes: list[bool],
    client: FhirClient,
    ehr: FaultServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: the answer changes between two calls, and would between check and connection."""
    contacted: list[str] = []
    real = socket.socket.connect

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        contacted.append(address[0])
        real(self, address)

    monkeypatch.setattr("cds_service.fhir.connect.socket.getaddrinfo", resolve)
    monkeypatch.setattr("cds_service.fhir.clock.ClockSocket.connect", connect)
    base = ehr.base_url.replace("127.0.0.1", "ehr.example.org")
    rules = SANDBOX.limited_to([base], networks)
    for expected in goes:
        assert _fetched(lambda: fetch(client, access_to(base, rules=rules))) is expected
        client.close()
    assert contacted == ["127.0.0.1"] * sum(goes)


def _fetched(call: Callable[[], bytes]) -> bool:
    try:
        return bool(call())
    except NotAllowed:
        return False


def test_a_kept_connection_is_not_used_for_a_client_who_could_not_have_opened_it(
    client: FhirClient, ehr: FaultServer
) -> None:
    name = ehr.base_url.replace("127.0.0.1", "localhost")
    wide = SANDBOX.limited_to([name])
    narrow = SANDBOX.limited_to([name], ["10.0.0.0/8"])
    for _ in range(2):
        assert fetch(client, access_to(name, rules=wide))
    assert ehr.connections == 1
    with pytest.raises(NotAllowed, match="allowed_networks"):
        fetch(client, access_to(name, rules=narrow))
    assert ehr.connections == 1
