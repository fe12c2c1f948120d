"""Which addresses are never contacted, however they are written."""

import pytest

from cds_service.fhir.addresses import why_refused

NEVER = (
    "169.254.169.254",
    "169.254.170.2",
    "::ffff:169.254.169.254",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "2001:0:a9fe:a9fe::1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "::ffff:100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "224.0.0.1",
    "239.255.255.250",
    "ff02::1",
    "255.255.255.255",
)


@pytest.mark.parametrize("address", NEVER)
def test_never_in_any_mode(address: str) -> None:
    assert why_refused(address, allow_loopback=True)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.9", "192.168.1.20", "fd12:3456::1", "93.184.216.34", "2606::1"]
)
def test_hospital_and_public_addresses_are_allowed(address: str) -> None:
    assert not why_refused(address, allow_loopback=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_loopback_only_where_the_mode_allows_it(address: str) -> None:
    assert "loopback" in why_refused(address, allow_loopback=False)
    assert not why_refused(address, allow_loopback=True)
