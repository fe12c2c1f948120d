"""Who may use the workbench: a page of its own, on its own machine.

It fetches from whatever server it is told to, and shows the answer. So it answers loopback only, even where
CDS_SANDBOX_PUBLIC opens the hooks to everybody, and no other web page may use it through its reader's browser.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from cds_service.errors import BadRequest, Forbidden
from cds_service.web.peers import is_loopback, require_loopback

_ELSEWHERE = (
    "The workbench is used on its own machine only, at http://localhost or http://127.0.0.1. From another machine, "
    "forward a port: ssh -L 8000:127.0.0.1:8000 HOST."
)
_OTHER_PAGE = "The workbench takes calls from its own page only."
_NOT_JSON = "Send JSON, with Content-Type: application/json."


def require_this_machine(environ: Mapping[str, Any]) -> None:
    """Raises Forbidden for a caller elsewhere, and for a name that is not this machine's.

    A name somebody else controls, resolved to 127.0.0.1 (DNS rebinding), would make their page same-origin with ours.
    """
    try:
        require_loopback(dict(environ))
    except Forbidden:
        raise Forbidden(_ELSEWHERE) from None
    if not _is_our_name(environ.get("HTTP_HOST", "")):
        raise Forbidden(_ELSEWHERE)


def require_same_page(headers: Headers) -> None:
    """Raises Forbidden for a POST from another site's page; BadRequest for one that is no JSON.

    A form cannot send JSON, and a script elsewhere cannot without a preflight, which this address does not grant.
    Programs that are no browser send neither of the two headers.
    """
    if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden(_OTHER_PAGE)
    origin = headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("Host", ""):
        raise Forbidden(_OTHER_PAGE)
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadRequest(_NOT_JSON)


def _is_our_name(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or is_loopback(name)
