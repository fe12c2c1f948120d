"""Headers on every answer. Browser-based EHRs read nothing, errors included, without CORS.

https://cds-hooks.hl7.org/2.0/#cross-origin-resource-sharing. Any origin may call: there are no cookies, so an origin
has nothing to borrow. The workbench is a page of its own and takes no call from any other.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

CORRELATION = "X-Correlation-Id"

NO_SNIFFING = ("X-Content-Type-Options", "nosniff")
JSON = "application/json"
# What is answered about one patient at one time is for nobody else and for no later time.
HOOK_HEADERS = (("Content-Type", JSON), ("Cache-Control", "no-store"))
CALLED_PATH = "cds.called_path"
"""In the WSGI environment: the path as it was called, before its slashes were merged. A token names that one."""

EVERYWHERE = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", f"{CORRELATION}, Allow, Retry-After"),
    NO_SNIFFING,
]

PREFLIGHT = [
    ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
    # Named, not "*": browsers never take "*" to include Authorization, which the public sandbox sends.
    ("Access-Control-Allow-Headers", "Authorization, Content-Type"),
    ("Access-Control-Max-Age", "3600"),
]

_NOT_SHARED = re.compile(r"/+(workbench(/.*)?)?", re.DOTALL)
_SLASHES = re.compile(r"/{2,}")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_headers(application: Wsgi) -> Wsgi:
    """``application`` with these headers on whatever it answers.

    Around Flask, not in it: no answer can escape, and a header costs nothing like what it does in a Response.
    A preflight is answered here for every address: a browser shows a script nothing of an answer whose preflight
    failed, not even the OperationOutcome that says what is wrong with the address.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        shared = not _NOT_SHARED.fullmatch(environ["PATH_INFO"])
        if shared and environ["REQUEST_METHOD"] == "OPTIONS":
            start_response("200 OK", [*EVERYWHERE, *PREFLIGHT, ("Content-Length", "0")])
            return ()
        environ[CALLED_PATH] = environ["PATH_INFO"]
        if "//" in environ["PATH_INFO"]:
            # The public sandbox joins a discovery address that ends in a slash with "/ID". No redirect: see above.
            environ["PATH_INFO"] = _SLASHES.sub("/", environ["PATH_INFO"])

        def start(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            return start_response(status, headers + (EVERYWHERE if shared else [NO_SNIFFING]), *fault)

        return application(environ, start)

    return answer
