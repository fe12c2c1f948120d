"""Who may call a sandbox: this machine only, unless its owner says otherwise.

An open sandbox fetches from whatever FHIR server a stranger names. Behind a proxy on the same machine every peer is
loopback, so what the proxy says about the caller counts too.
"""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any

from cds_service.errors import Forbidden

REFUSED = (
    "This sandbox answers calls from its own machine only. Call it through a loopback address, "
    "or set CDS_SANDBOX_PUBLIC=1 to open it to everybody (fictitious patients only)."
)


def require_loopback(environ: dict[str, Any]) -> None:
    """Raises Forbidden unless the peer, and everybody a proxy forwards for, is on this machine."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    callers = [environ.get("REMOTE_ADDR", ""), *(forwarded.split(",") if forwarded else ())]
    if "HTTP_FORWARDED" in environ or not all(is_loopback(caller.strip()) for caller in callers):
        raise Forbidden(REFUSED)


@lru_cache(maxsize=1024)
def is_loopback(address: str) -> bool:
    """True for 127.0.0.0/8, ::1 and ::ffff:127.0.0.0/104; False for everything else, no address included."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed.is_loopback
