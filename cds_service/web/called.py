"""How every call of a service begins: the clock starts, the caller may call, the service exists."""

from time import perf_counter

from flask import g, request

from cds_service.hooks.services import Service, find
from cds_service.settings import Settings
from cds_service.web.peers import require_loopback


def called(service_id: str, settings: Settings) -> Service:
    """The service; noted in ``flask.g`` with the start of the call. Raises Forbidden and UnknownService."""
    g.started = perf_counter()
    if settings.loopback_only:
        require_loopback(request.environ)
    service = find(service_id)
    g.service = service_id
    return service


def milliseconds() -> float:
    """Since the call began; 0 for one that was refused before."""
    now = perf_counter()
    return float(now - g.get("started", now)) * 1000
