"""The only module that opens sockets: to an address that was checked, and kept open for the next call."""

import logging
import socket

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from cds_service.fhir.addresses import UNLISTED, Reach
from cds_service.fhir.clock import ClockSocket, exchange, tls_context
from cds_service.fhir.failures import NotAllowed, TimedOut, Unreachable
from cds_service.fhir.lanes import MAX_LANES

# urllib3 logs each URL (which names the patient) at DEBUG and with odd headers at WARNING: every line of it is dropped
logging.getLogger("urllib3.connectionpool").addFilter(lambda _: False)


def _connect(host: str, port: int, reach: Reach) -> socket.socket:
    """Resolve, check every address found, and connect to one of those checked.

    Nothing is resolved twice, so a name server that changes its answer in between gains nothing (DNS rebinding); one
    forbidden address among several refuses the name.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("its name is not known") from None
    for *_, address in found:
        if refused := reach.why_refused(str(address[0])):
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
        return _connect(self.host, self.port or 80, exchange.reach)


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 443, exchange.reach)


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _ProxiedConnection(HTTPSConnection):
    """To the proxy, which the site's settings name, so no call can choose it; it resolves the FHIR server's name."""

    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 80, UNLISTED)


class _ProxiedPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _ProxiedConnection


class Pools:
    """The kept connections of one process, apart for each reach: no client uses one that it could not have opened.

    ``proxy`` ("http://proxy.example.org:3128", "" for none) tunnels https to servers on the internet. A client with
    ``networks`` of its own is in house: its servers are contacted directly, so that the address is still checked here.
    """

    def __init__(self, width: int, ca_bundle: str, proxy: str = "") -> None:
        self._width = width
        self._tls = tls_context(ca_bundle)
        self._proxy = proxy
        self._managers: dict[tuple[Reach, bool], urllib3.PoolManager] = {}

    def pool(self, scheme: str, host: str, port: int, reach: Reach) -> urllib3.HTTPConnectionPool:
        """Where connections to this server are kept."""
        tunnel = bool(self._proxy) and scheme == "https" and not reach.networks
        manager = self._managers.get((reach, tunnel))
        if manager is None:
            manager = self._managers.setdefault((reach, tunnel), self._through_proxy() if tunnel else self._direct())
        return manager.connection_from_host(host.strip("[]"), port, scheme)

    def _direct(self) -> urllib3.PoolManager:
        manager = urllib3.PoolManager(MAX_LANES, maxsize=self._width, ssl_context=self._tls)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager

    def _through_proxy(self) -> urllib3.PoolManager:
        manager = urllib3.ProxyManager(self._proxy, MAX_LANES, maxsize=self._width, ssl_context=self._tls)
        manager.pool_classes_by_scheme = {"https": _ProxiedPool}
        return manager

    def close(self) -> None:
        for manager in list(self._managers.values()):
            manager.clear()
