"""A FHIR server on loopback that misbehaves in one chosen way, over whatever data a test puts behind it.

    with FaultServer(respond, "dripped-headers") as server:
        ...  # server.base_url is an ephemeral address; server.requests is what was asked, headers and all

``respond`` takes what was asked relative to the base ("Observation?patient=1") and gives the resource as a dict; the
fault then spoils how it is sent, or what it says. ``only`` restricts the fault to some requests, for instance to
``lambda asked: asked.startswith("Observation")``. ``tests.faults.FAULTS`` lists every fault by name.
"""

import socket
import socketserver
import threading
import time
from collections.abc import Callable
from typing import Any, Self

from tests.faults import FAULTS, Exchange, Request, Respond


class Canary:
    """A server that must never be reached: it counts connections and keeps what they sent."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(0.5)
                self.received.append(connection.recv(65536))

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class FaultServer:
    """See the module. ``latency`` in seconds is spent before each answer, faulty or not."""

    def __init__(
        self,
        respond: Respond,
        fault: str = "none",
        *,
        only: Callable[[str], bool] = lambda asked: True,
        canary: Canary | None = None,
        latency: float = 0.0,
    ) -> None:
        self.respond = respond
        self.fault = FAULTS[fault]
        self.only = only
        self.canary_url = canary.url if canary else "http://127.0.0.1:9"
        self.latency = latency
        self.requests: list[Request] = []
        self.connections = 0
        self.over = threading.Event()
        self._tcp = _Tcp(("127.0.0.1", 0), _Handler)
        self._tcp.fault_server = self
        self.base_url = f"http://127.0.0.1:{self._tcp.server_address[1]}/fhir"

    def __enter__(self) -> Self:
        threading.Thread(target=self._tcp.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._tcp.shutdown()
        self._tcp.server_close()

    def wrap(self, connection: socket.socket) -> socket.socket:
        """A subclass may put TLS around each connection."""
        return connection


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128
    fault_server: FaultServer


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server = self.server.fault_server
        server.connections += 1
        try:
            connection = server.wrap(self.request)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lines = connection.makefile("rb")
            while request := _read_request(lines):
                server.requests.append(request)
                exchange = Exchange(server, connection, request.asked)
                time.sleep(server.latency)
                (server.fault if server.only(request.asked) else FAULTS["none"])(exchange)
                if not exchange.keep:
                    return
        except OSError:
            return  # the client went away, which is what most faults provoke


def _read_request(lines: Any) -> Request | None:
    first = lines.readline().decode("latin-1").split()
    if len(first) < 2:
        return None
    headers: dict[str, str] = {}
    while line := lines.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(first[1].removeprefix("/fhir").removeprefix("/"), headers)


class Unreachable:
    """An address that refuses connections, or (``hang``) never completes them."""

    requests: tuple[Request, ...] = ()

    def __init__(self, *, hang: bool = False) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._fill: list[socket.socket] = []
        address = self._socket.getsockname()
        if hang:
            self._socket.listen(0)
            for _ in range(8):  # a full backlog: further connection attempts are dropped silently
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(address)
                self._fill.append(filler)
            time.sleep(0.05)
        self.base_url = f"http://127.0.0.1:{address[1]}/fhir"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for each in (*self._fill, self._socket):
            each.close()


NO_CONNECTION = {"connection-refused": False, "connection-hangs": True}


def faulty(respond: Respond, fault: str, **options: Any) -> FaultServer | Unreachable:
    """A server with this fault of ``tests/faults/faults.md``, also where that is that there is none."""
    return Unreachable(hang=NO_CONNECTION[fault]) if fault in NO_CONNECTION else FaultServer(respond, fault, **options)
