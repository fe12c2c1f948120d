"""GET from the EHR's FHIR server, within the address and the time allowed.

urllib3's pools are used directly. A ``requests.Session`` is a little slower, keeps cookies from one patient's call to
the next, and lets a ``.netrc`` of the machine replace the token. Here: no redirects, no retries, no cookies, no proxy
or ``.netrc`` of the environment, no compression. ``connect`` opens the sockets.
"""

import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from http.client import RemoteDisconnected

import urllib3
from urllib3.exceptions import HTTPError, ProtocolError, ProxyError, SSLError
from urllib3.exceptions import TimeoutError as UrllibTimeout

from cds_service.fhir.access import Access, Limits
from cds_service.fhir.answers import check_head, json_body
from cds_service.fhir.breaker import Breaker
from cds_service.fhir.clock import exchange
from cds_service.fhir.connect import Pools
from cds_service.fhir.failures import BrokenOff, FetchFailure, NotAllowed, TimedOut, TooLarge, Unreachable
from cds_service.fhir.lanes import Lanes
from cds_service.fhir.targets import Target

_CHUNK = 65536
_ONCE = urllib3.Retry(total=False, redirect=0)  # no retry, no sleep on Retry-After, the error as it is


class _Kept:
    """What one process keeps between calls: connections, threads, and which servers failed."""

    def __init__(self, limits: Limits, ca_bundle: str, proxy: str, clock: Callable[[], float]) -> None:
        self.process = os.getpid()
        self.lanes = Lanes(limits.calls_per_host)
        self.pools = Pools(limits.calls_per_host, ca_bundle, proxy)
        self.breaker = Breaker(clock)


class FhirClient:
    """One per process, for all its hook calls. Opens nothing until first used, and starts anew after a fork.

    ``ca_bundle`` is a PEM file of the certificate authorities to trust, a hospital's own for instance; ``proxy`` as in
    ``Pools``. ``clock`` is the one by which a server that fails is left alone.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        ca_bundle: str = "",
        proxy: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or Limits()
        self._new = partial(_Kept, self.limits, ca_bundle, proxy, clock)
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def fetch(self, target: Target, access: Access) -> bytes:
        """The JSON text at ``target``, before the deadline, as one of the threads of ``side_by_side``.

        Raises a ``FetchFailure``. The token goes out with this one request and is kept nowhere.
        """
        if target.base != access.base:
            raise NotAllowed("an address outside the FHIR server of this call")
        if access.deadline.passed:
            raise TimedOut
        try:
            body = self._get(target, access)
        except FetchFailure as failure:
            access.signs.failed(failure)
            raise
        access.signs.answered()
        if access.deadline.passed:
            raise TimedOut
        return json_body(body)

    def side_by_side(self, jobs: Sequence[Callable[[], None]], access: Access) -> None:
        """Run jobs that call ``fetch`` at the same time; back at the deadline at the latest, done or not.

        Raises ``NotAsked`` or ``Crowded`` at once, with no job begun, for a server that must be left alone just now.
        """
        kept, origin = self._here(), access.base.origin
        kept.breaker.enter(origin)
        try:
            if not kept.lanes.run(origin, jobs, access.deadline):
                access.signs.failed()
        finally:
            kept.breaker.leave(origin, access.signs.take())

    def close(self) -> None:
        """Close what is kept; a later call opens it anew."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept and kept.process == os.getpid():
            kept.lanes.close()
            kept.pools.close()

    def _here(self) -> _Kept:
        kept = self._kept
        if kept is None or kept.process != os.getpid():
            with self._lock:
                kept = self._kept
                if kept is None or kept.process != os.getpid():
                    kept = self._kept = self._new()
        return kept

    def _get(self, target: Target, access: Access) -> bytes:
        exchange.begin(access.deadline, access.rules.reach)
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
            if isinstance(error, ProxyError):
                raise (TimedOut if access.deadline.passed else Unreachable("the proxy does not lead there")) from None
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
        pool = self._here().pools.pool(base.scheme, base.host, base.port, access.rules.reach)
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
