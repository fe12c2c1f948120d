"""Sockets that keep to the deadline of the whole call.

A read timeout is per receive and no deadline: a server that drips one byte at a time is never late. So each receive
gets only the time that is left, whether it brings headers, body or a part of the TLS handshake. Nothing is opened here.
"""

import socket
import ssl
import threading
from typing import Any

import certifi

from cds_service.fhir.access import Deadline
from cds_service.fhir.urls import PRODUCTION, UrlRules


class Exchange(threading.local):
    """What the sockets of this thread must keep to while one answer is fetched."""

    deadline = Deadline(0.0)
    rules = PRODUCTION
    connected = False

    def begin(self, deadline: Deadline, rules: UrlRules) -> None:
        """One answer is about to be fetched in this thread."""
        self.deadline, self.rules, self.connected = deadline, rules, False

    def time_left(self) -> float:
        """Seconds left, above zero; raises ``TimeoutError`` when there are none."""
        left = self.deadline.left()
        if not left:
            raise TimeoutError
        return left


exchange = Exchange()


class ClockSocket(socket.socket):
    """A socket whose every receive ends at the deadline."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(exchange.time_left())
        return super().recv_into(*args, **kwargs)


class ClockTlsSocket(ssl.SSLSocket):
    """The same over TLS."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(exchange.time_left())
        return super().recv_into(*args, **kwargs)


def tls_context(ca_bundle: str | None) -> ssl.SSLContext:
    """TLS 1.2 or later, trusting only the given bundle (else Mozilla's), whatever the environment names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(ca_bundle or certifi.where())
    context.sslsocket_class = ClockTlsSocket
    return context
