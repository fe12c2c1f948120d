"""The only module that opens sockets: GET from the EHR's FHIR server, within the address and the time allowed.

urllib3's pools are used directly. A ``requests.Session`` is a little slower, keeps cookies from one patient's call to
the next, and lets a ``.netrc`` of the machine replace the token. Here: no redirects, no retries, no cookies, no proxy
or ``.netrc`` of the environment, no compression.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from http.client import RemoteDisconnected

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError, SSLError
from urllib3.exceptions import TimeoutError as UrllibTimeout

from cds_service.fhir.access import Access, Limits
from cds_service.fhir.addresses import Network
from cds_service.fhir.answers import check_head, json_body
from cds_service.fhir.clock import ClockSocket, exchange, tls_context
from cds_service.fhir.failures import BrokenOff, NotAllowed, TimedOut, TooLarge, Unreachable
from cds_service.fhir.lanes import MAX_LANES, Lanes
from cds_service.fhir.targets import Target
from cds_service.fhir.urls import PRODUCTION, UrlRules

# urllib3 logs each URL (which names the patient) at DEBUG and with odd headers at WARNING: every line of it is dropped
logging.getLogger("urllib3.connectionpool").addFilter(lambda _: False)
_CHUNK = 65536
_ONCE = urllib3.Retry(total=False, redirect=0)  # no retry, no sleep on Retry-After, the error as it is


def _connect(host: str, port: int) -> socket.socket:
    """Resolve, check every address found, and connect to one of those checked.

    Nothing is resolved twice, so a name server that changes its answer in between gains nothing (DNS rebinding); one
    forbidden address among several refuses the name.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("its name is not known") from None
    for *_, address in found:
        refused = exchange.rules.why_refused(str(address[0]))
        if refused:
            raise NotAllowed(f"the FHIR server's name leads to {refused}")
    for waiting, (family, kind, protocol, _, address) in zip(range(len(found), 0, -1), found, strict=True):
        sock = ClockSocket(family, kind, protocol)
        try:
            sock.settimeout(exchange.time_left() / waiting)  # a dead first address leaves time for the next
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(exchange.time_left())
        except OSError:
            sock.close()
        else:
            exchange.connected = True
            return sock
    raise TimedOut if exchange.deadline.passed else Unreachable("no connection")


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 80)


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 443)


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Kept:
    """What one process keeps between calls: connections and threads."""

    def __init__(self, limits: Limits, ca_bundle: str | None) -> None:
        self.process = os.getpid()
        self.lanes = Lanes(limits.calls_per_host)
        self._width = limits.calls_per_host
        self._tls = tls_context(ca_bundle)
        self._pools: dict[tuple[Network, ...] | None, urllib3.PoolManager] = {}

    def pools(self, rules: UrlRules) -> urllib3.PoolManager:
        """Kept connections, apart for each set of networks: nobody uses one that he could not have opened."""
        manager = self._pools.get(rules.networks)
        if manager is None:
            manager = urllib3.PoolManager(MAX_LANES, maxsize=self._width, ssl_context=self._tls)
            manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
            manager = self._pools.setdefault(rules.networks, manager)
        return manager

    def close(self) -> None:
        self.lanes.close()
        for manager in list(self._pools.values()):
            manager.clear()


class FhirClient:
    """One per process, for all its hook calls. Opens nothing until first used, and starts anew after a fork.

    ``ca_bundle`` is a PEM file for a hospital's own certificate authority.
    """

    def __init__(
        self, rules: UrlRules = PRODUCTION, limits: Limits | None = None, ca_bundle: str | None = None
    ) -> None:
        self.limits = limits or Limits()
        self._rules = rules
        self._ca_bundle = ca_bundle
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def fetch(self, target: Target, access: Access) -> bytes:
        """The JSON text at ``target``, before the deadline, as one of the threads of ``side_by_side``.

        Raises a ``FetchFailure``. The token goes out with this one request and is kept nowhere.
        """
        if target.base != access.base:
            raise NotAllowed("an address outside the FHIR server of this call")
        body = self._get(target, access)
        if access.deadline.passed:
            raise TimedOut
        return json_body(body)

    def side_by_side(self, jobs: Sequence[Callable[[], None]], access: Access) -> None:
        """Run jobs that call ``fetch`` at the same time; back at the deadline at the latest, done or not."""
        self._here().lanes.run(access.base.origin, jobs, access.deadline)

    def close(self) -> None:
        """Close what is kept; a later call opens it anew."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept and kept.process == os.getpid():
            kept.close()

    def _here(self) -> _Kept:
        kept = self._kept
        if kept is None or kept.process != os.getpid():
            with self._lock:
                kept = self._kept
                if kept is None or kept.process != os.getpid():
                    kept = self._kept = _Kept(self.limits, self._ca_bundle)
        return kept

    def _get(self, target: Target, access: Access) -> bytes:
        exchange.begin(access.deadline, access.rules or self._rules)
        try:
            response = self._open(target, access)
            try:
                check_head(response.status, response.headers, self.limits.max_bytes)
                return self._read(response)
            finally:
                # what was read to its end has gone back to the pool already; this closes what was given up midway
                response.close()
        except (UrllibTimeout, TimeoutError):
            raise TimedOut from None
        except (HTTPError, OSError) as error:
            if isinstance(error, SSLError):
                raise Unreachable("its certificate is not trusted or TLS failed") from None
            raise BrokenOff from None

    def _open(self, target: Target, access: Access) -> urllib3.BaseHTTPResponse:
        """Send the request; once more over a new connection where a kept one had been closed by the server meanwhile.

        That is no retry of a failed request: the server never saw it (RFC 9112 section 9.3.1).
        """
        try:
            return self._send(target, access)
        except ProtocolError as error:
            cause = error.args[-1]
            if exchange.connected or not isinstance(cause, (RemoteDisconnected, ConnectionError)):
                raise
            return self._send(target, access)

    def _send(self, target: Target, access: Access) -> urllib3.BaseHTTPResponse:
        base = target.base
        pool = self._here().pools(exchange.rules).connection_from_host(base.host.strip("[]"), base.port, base.scheme)
        return pool.urlopen(
            "GET",
            target.path,
            headers=access.headers(),
            redirect=False,
            retries=_ONCE,
            timeout=exchange.time_left(),
            preload_content=False,
            decode_content=False,
        )

    def _read(self, response: urllib3.BaseHTTPResponse) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while chunk := response.read1(_CHUNK):
            size += len(chunk)
            if size > self.limits.max_bytes:
                raise TooLarge(self.limits.max_bytes)
            chunks.append(chunk)
        return b"".join(chunks)
