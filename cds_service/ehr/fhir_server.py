"""The EHR's FHIR R4 server over HTTP: a store on a free loopback port, for as long as a block lasts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple

from cds_service.ehr.fhir_store import FhirStore

_LONGEST_FORM = 65536


class Asked(NamedTuple):
    """One request as it arrived: its path under the base with its query, and its Authorization header."""

    path: str
    authorization: str


class _Server(ThreadingHTTPServer):
    """A client that goes away in the middle is its own affair: no traceback on our standard error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet, for the same reason as ``log_message``."""


@contextmanager
def serving(store: FhirStore, asked: list[Asked] | None = None) -> Iterator[str]:
    """Serves ``store``; gives the base URL. Every request is added to ``asked``, where a list is given."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # The body follows the headers in a write of its own: with Nagle's algorithm each answer would take 40 ms.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer(self.path.removeprefix("/fhir/"))

        def do_POST(self) -> None:
            """A search whose parameters stand in the body: https://hl7.org/fhir/R4/http.html#search."""
            length = self.headers.get("Content-Length", "0")
            form = self.rfile.read(min(int(length), _LONGEST_FORM)) if length.isdigit() else b""
            kind = self.path.removeprefix("/fhir/").removesuffix("/_search")
            self._answer(f"{kind}?{form.decode('ascii', 'replace')}")

        def _answer(self, path: str) -> None:
            if asked is not None:
                asked.append(Asked(path, self.headers.get("Authorization", "")))
            status, resource = store.get(path)
            body = json.dumps(resource).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/fhir+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Quiet: whoever started us has an output of its own."""

    server = _Server(("127.0.0.1", 0), Handler)
    store.base = f"http://127.0.0.1:{server.server_port}/fhir"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield store.base
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
