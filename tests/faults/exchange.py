"""One request being answered, and the list of faults by name."""

import json
import socket
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.fault_server import FaultServer

Resource = dict[str, Any]
Respond = Callable[[str], Resource]


class Request(NamedTuple):
    """One request as it came in, ``asked`` relative to the base."""

    asked: str
    headers: dict[str, str]


class Exchange:
    """One request being answered; the faults use these few verbs."""

    def __init__(self, server: "FaultServer", connection: socket.socket, asked: str) -> None:
        self.server = server
        self.asked = asked
        self._connection = connection
        self.keep = True

    def resource(self) -> Resource:
        return deepcopy(self.server.respond(self.asked.partition("&page=")[0]))

    @property
    def page(self) -> int:
        return int(self.asked.partition("&page=")[2] or 1)

    def link_to(self, page: int) -> str:
        return f"{self.server.base_url}/{self.asked.partition('&page=')[0]}&page={page}"

    def send(self, body: bytes, status: str = "200 OK", **headers: str) -> None:
        given = {"Content-Type": "application/fhir+json", "Content-Length": str(len(body))}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in given.items()), "", ""]
        self.raw("\r\n".join(lines).encode() + body)

    def send_json(self, resource: Resource, status: str = "200 OK", **headers: str) -> None:
        self.send(json.dumps(resource).encode(), status, **headers)

    def raw(self, data: bytes) -> None:
        self._connection.sendall(data)

    def drip(self, data: bytes, every: float = 0.02) -> None:
        """One byte at a time, over and over, until the test is over or the client has gone."""
        while not self.server.over.is_set():
            for byte in data:
                self.raw(bytes([byte]))
                if self.server.over.wait(every):
                    return

    def hang(self) -> None:
        self.server.over.wait(30)

    def hang_up(self) -> None:
        self.keep = False


Fault = Callable[[Exchange], None]
FAULTS: dict[str, Fault] = {}


def fault(name: str) -> Callable[[Fault], Fault]:
    def add(function: Fault) -> Fault:
        FAULTS[name] = function
        return function

    return add


@fault("none")
def _none(exchange: Exchange) -> None:
    exchange.send_json(exchange.resource())


def _changed(change: Callable[[Exchange, Resource], object], exchange: Exchange) -> None:
    resource = exchange.resource()
    change(exchange, resource)
    exchange.send_json(resource)


def changes(name: str) -> Callable[[Callable[[Exchange, Resource], object]], None]:
    """A fault that alters the right answer (a dict, in place) and then sends it properly."""

    def add(change: Callable[[Exchange, Resource], object]) -> None:
        FAULTS[name] = partial(_changed, change)

    return add
