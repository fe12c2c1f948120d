"""A small CDS Hooks service that keeps the contract, over real HTTP: the yardstick that broken ones differ from."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.conform.good_answers import CARD, SERVICE, Call, Reply, good_reply, outcome

__all__ = ["CARD", "SERVICE", "Call", "Change", "GoodService", "Reply", "good_reply", "outcome"]

Change = Callable[[Call, Reply], Reply | None]
"""What a broken service does to a good reply; None closes the connection without one."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet: a client that goes away is part of many a test."""


class GoodService:
    """Serves until ``close``; ``change`` breaks it, ``token`` makes it want one."""

    def __init__(self, change: Change | None = None, token: str = "") -> None:
        self.change = change or (lambda _, reply: reply)
        self.token = token
        self.asked: list[Call] = []
        self._http = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handler(service) -> type[BaseHTTPRequestHandler]:  # noqa: N805  the handler below has a self of its own
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                call = Call(self.command, self.path.lstrip("/"), headers, self.rfile.read(length))
                service.asked.append(call)
                reply = service.change(call, good_reply(call, service.token))
                if reply is None:
                    self.close_connection = True
                    return
                body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                given = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"} | dict(reply.headers)
                self.send_response(reply.status)
                for name, value in given.items():
                    if value:
                        self.send_header(name, value)
                if "Content-Length" not in given:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_OPTIONS = do_GET  # noqa: N815

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        return Handler
