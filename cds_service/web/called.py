"""How every call of a service begins: the clock starts, the caller may call, the service exists."""

from time import perf_counter

from flask import g, request

from cds_service.hooks.services import Service, find
from cds_service.settings import Settings
from cds_service.web.peers import require_loopback
from cds_service.web.rate import limit_rate


def called(service_id: str, settings: Settings) -> Service:
    """The service; noted in ``flask.g`` with the start of the call. Raises what ``admit`` does, and UnknownService."""
    begin(settings)
    service = find(service_id)
    g.service = service_id
    return service


def begin(settings: Settings) -> None:
    """The clock starts, and whoever calls may call. Raises what ``admit`` does."""
    g.started = perf_counter()
    admit(settings)


def admit(settings: Settings) -> None:
    """Whoever calls may call, and not too often. Raises Forbidden and TooManyCalls."""
    if settings.loopback_only:
        require_loopback(request.environ)
    limit_rate()


def milliseconds() -> float:
    """Since the call began; 0 for one that was refused before."""
    now = perf_counter()
    return float(now - g.get("started", now)) * 1000
