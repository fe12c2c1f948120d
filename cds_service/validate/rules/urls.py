"""Addresses: https, on a host that others can reach, and no access token on the loose."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from cds_service.validate.finding import Finding
from cds_service.validate.node import Node

_HTTPS = "anakinra-cds_1@https"
_TOKEN_HOME = "/fhirAuthorization/access_token"  # noqa: S105  a place in a request
_JWT = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")


def urls_of_card(card: Node) -> Iterator[Finding]:
    """The source, its icon, and the links."""
    for node in (card["source"]["url"], card["source"]["icon"], *(link["url"] for link in card["links"].objects)):
        yield from url_is_safe(node)


def url_is_safe(node: Node) -> Iterator[Finding]:
    """An absolute URL is https and names no host of the sender's own; a relative one is the schema's matter."""
    try:
        parts = urlsplit(node.text)
        host = parts.hostname or ""
    except ValueError:
        return
    if not host:
        return
    if _is_local(host):
        yield node.warning(
            _HTTPS, "The address is one that only the sender's own machine reaches.", "Name a public host."
        )
    elif parts.scheme == "http":
        yield node.warning(_HTTPS, "The address begins with http, which is not encrypted.", "Use https.")


def _is_local(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith((".localhost", ".local"))
    return address.is_loopback or address.is_unspecified or address.is_link_local


def tokens_at_home(whole: Node, text: str) -> Iterator[Finding]:
    """A JSON Web Token anywhere but in its one place is logged, shown and stored by whoever does not expect it."""
    if "eyJ" not in text:
        return
    open_nodes = [whole]
    while open_nodes:
        node = open_nodes.pop()
        if node.text and node.pointer != _TOKEN_HOME and _JWT.search(node.text):
            message = "This looks like an access token (a JSON Web Token), in a place where nobody expects one."
            fix = "Send tokens only in fhirAuthorization.access_token or in an HTTP header; revoke this one."
            yield node.warning("anakinra-cds_1@token-place", message, fix)
        open_nodes += node.items or [member for _, member in node.members]
