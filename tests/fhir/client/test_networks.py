"""Which addresses the FHIR servers of one client may have: the internet, or exactly what its settings list."""

from typing import Any

import pytest

from cds_service.fhir.access import Access, Deadline
from cds_service.fhir.addresses import read_networks
from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import FetchFailure, NotAllowed
from cds_service.fhir.targets import plan_target
from cds_service.fhir.urls import PRODUCTION, FhirBase

ADDRESSES = [
    ((), "93.184.216.34", True),
    ((), "10.20.1.1", False),
    ((), "100.64.0.1", False),
    ((), "fd12:3456::1", False),
    ((), "::ffff:10.20.1.1", False),
    (("10.20.0.0/16",), "10.20.1.1", True),
    (("10.20.0.0/16",), "10.21.1.1", False),
    (("10.20.0.0/16",), "93.184.216.34", False),
    (("10.20.0.0/16", "93.184.216.0/24"), "93.184.216.34", True),
    (("fd12:3456::/32",), "fd12:3456::1", True),
    (("100.64.0.0/10",), "100.100.100.200", False),
    (("10.0.0.0/8",), "127.0.0.1", False),
    (("10.0.0.0/8",), "169.254.169.254", False),
]


@pytest.mark.parametrize(("networks", "address", "allowed"), ADDRESSES)
def test_where_a_clients_server_may_be(
    networks: tuple[str, ...], address: str, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    class Socket:
        def __init__(self, *_: Any) -> None: ...
        def settimeout(self, _: float) -> None: ...
        def close(self) -> None: ...
        def connect(self, where: tuple[str, int]) -> None:
            tried.append(where[0])
            raise OSError

    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (address, 443))])
    monkeypatch.setattr("cds_service.fhir.client.ClockSocket", Socket)
    rules = PRODUCTION.limited_to(("https://fhir.example.org/r4",), networks)
    access = Access(FhirBase("https", "fhir.example.org", 443, "/r4"), Deadline.after_ms(500), rules=rules)

    with pytest.raises(FetchFailure) as failure:
        FhirClient(PRODUCTION).fetch(plan_target(access.base, "Patient/1"), access)

    assert bool(tried) is allowed
    assert isinstance(failure.value, NotAllowed) is not allowed
    assert read_networks(networks) == rules.networks
