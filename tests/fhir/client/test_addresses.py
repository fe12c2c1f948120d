"""Which addresses are contacted: some never, however they are written, others only where they are listed."""

import pytest

from cds_service.fhir.addresses import UNLISTED, Reach, read_networks

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
PRIVATE = ("10.1.2.3", "172.16.0.9", "192.168.1.20", "100.64.0.1", "fd12:3456::1", "64:ff9b::a01:203", "198.18.0.1")
PUBLIC = ("93.184.216.34", "2606::1", "64:ff9b::5db8:d822")
LOOPBACK = ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1")
ALL = Reach(loopback=True, private=True, networks=read_networks(["0.0.0.0/0", "::/0"]))
HOSPITAL = Reach(networks=read_networks(["10.1.0.0/16", "fd12:3456::/32", "203.0.113.7"]))


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("reach", [UNLISTED, ALL, ALL._replace(loopback=False)])
def test_never_in_any_mode_and_on_no_list(address: str, reach: Reach) -> None:
    assert "never contacted" in reach.why_refused(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed_without_a_list(address: str) -> None:
    assert not Reach().why_refused(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_only_where_the_mode_allows_any_or_a_list_holds_it(address: str) -> None:
    assert "allowed_networks" in Reach().why_refused(address)
    assert not UNLISTED.why_refused(address)
    assert not Reach(networks=read_networks([address])).why_refused(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "10.1.255.255", "fd12:3456::1", "203.0.113.7"])
def test_a_listed_address_is_allowed(address: str) -> None:
    assert not HOSPITAL.why_refused(address)


@pytest.mark.parametrize("address", ["10.2.0.1", "203.0.113.8", "93.184.216.34", "fd12:3457::1", "2606::1"])
def test_with_a_list_every_other_address_is_refused(address: str) -> None:
    assert HOSPITAL.why_refused(address) == "an address outside the client's allowed_networks"


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_only_where_the_mode_allows_it_whatever_is_listed(address: str) -> None:
    assert "loopback" in Reach().why_refused(address)
    assert "loopback" in ALL._replace(loopback=False).why_refused(address)
    assert not UNLISTED.why_refused(address)


@pytest.mark.parametrize("text", ["10.1.2.3/16", "10.0.0.0/33", "hospital", ""])
def test_a_malformed_network_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=text or "''"):
        read_networks([text])
