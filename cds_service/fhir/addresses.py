"""Which network addresses are never contacted, in any mode.

A hook request names the server to fetch from. Without this table it could aim the service at the cloud's own metadata
service, which hands out the machine's credentials. Private addresses (10/8, 172.16/12, 192.168/16, fd00::/8) are not
in it: hospital FHIR servers live there.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
NEVER: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), why)
    for network, why in (
        ("0.0.0.0/8", "an unspecified address"),  # Linux connects 0.0.0.0 to this machine itself
        ("169.254.0.0/16", "a link-local or metadata address"),  # AWS, Azure, GCP, OCI
        ("100.100.100.200/32", "a metadata address"),  # Alibaba Cloud
        ("168.63.129.16/32", "a metadata address"),  # Azure's host channel
        ("192.0.0.192/32", "a metadata address"),  # Oracle Cloud, older
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved or broadcast address"),
        ("::/128", "an unspecified address"),
        ("fe80::/10", "a link-local address"),
        ("fd00:ec2::/32", "a metadata address"),  # AWS over IPv6 (fd00:ec2::254, ::23 for pods)
        ("fd20:ce::254/128", "a metadata address"),  # GCP over IPv6
        ("ff00::/8", "a multicast address"),
    )
)
NEVER_NAMED = frozenset({"metadata.google.internal", "metadata.goog", "metadata", "instance-data"})

_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")


def _readings(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """The address and each IPv4 address written inside it (mapped, compatible, 6to4, Teredo, NAT64)."""
    yield address
    if not isinstance(address, IPv6Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def why_refused(text: str, *, allow_loopback: bool) -> str:
    """Why this numeric address (as ``getaddrinfo`` gives it) must not be contacted; empty if it may be.

    Raises ``ValueError`` for a text that is no address.
    """
    for address in _readings(ip_address(text.partition("%")[0])):
        if address.is_loopback and not allow_loopback:
            return "a loopback address, allowed in sandbox mode only"
        for network, why in NEVER:
            if address in network:
                return why
    return ""


def why_outside(text: str, networks: tuple[Network, ...]) -> str:
    """Why a client with these ``allowed_networks`` (none: the internet) may not contact this address; "" if it may."""
    outer = ip_address(text.partition("%")[0])
    if networks:
        listed = any(outer in network for network in networks)
        return "" if listed else "an address outside the client's allowed_networks"
    if all(address.is_global for address in _readings(outer)):
        return ""
    return "a private address, and the client has no allowed_networks that hold it"


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks such as ``10.20.0.0/16``, ``fd12:3456::/32`` or one address; raises ``ValueError`` for any other."""
    return tuple(ip_network(text) for text in texts)
