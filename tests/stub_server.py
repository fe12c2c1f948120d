"""A server on loopback that gives prepared answers: stands in for a CDS Hooks service or a FHIR server."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote


class Asked(NamedTuple):
    """One request as it arrived; ``path`` unquoted, query included."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class StubServer:
    """Answers by path (query included): ``answers["/Patient/1"] = (200, {...})``; bytes and text are sent as they are.

    A path nobody prepared is a 404 with an OperationOutcome. ``asked`` holds every request.
    """

    def __init__(self, answers: dict[str, tuple[int, Any]] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[Asked] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def posted(self) -> list[Any]:
        return [each.body for each in self.asked if each.method == "POST"]

    def _answer(self, path: str) -> tuple[int, bytes]:
        nothing = {"resourceType": "OperationOutcome", "issue": [{"diagnostics": f"{path} is unknown"}]}
        status, body = self.answers.get(path, (404, nothing))
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return status, text.encode() if isinstance(text, str) else text

    def _handler(stub) -> type[BaseHTTPRequestHandler]:  # noqa: N805  the handler below has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                sent = json.loads(self.rfile.read(length)) if length else None
                path = unquote(self.path)
                stub.asked.append(Asked(self.command, path, dict(self.headers), sent))
                status, body = stub._answer(path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        return Handler
