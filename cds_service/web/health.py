"""Liveness and readiness, apart: a process that is ending, or that lost what it needs, lives and takes no calls.

The application exists only once cards, profile and templates are loaded and checked, so otherwise it is ready. Both
are open to everybody, as probes come from elsewhere, and tell nothing of any call.
"""

from collections.abc import Callable, Iterator
from threading import Event
from time import monotonic
from typing import Any

from flask import Flask, Response

from cds_service.audit.account import Account
from cds_service.errors import NotReady
from cds_service.hooks.response import encode
from cds_service.hooks.services import SERVICES
from cds_service.records.recorder import Recorder
from cds_service.redis_link import open_redis
from cds_service.settings import Settings
from cds_service.web.headers import JSON

PING_SECONDS = 0.2
REMEMBER_SECONDS = 1.0
"""How long an answer of Redis holds: many probes make one question."""

_draining = Event()


def drain() -> None:
    """From now on this process is not ready; calls that still come are answered. For whoever ends it: see
    ``cds_service.web.gunicorn_hooks``."""
    _draining.set()


def is_draining() -> bool:
    """Whether ``drain`` was called."""
    return _draining.is_set()


def take_calls_again() -> None:
    """The opposite of ``drain``."""
    _draining.clear()


def add_health_routes(app: Flask, settings: Settings, recorder: Recorder[Account]) -> None:
    """GET /health/live and GET /health/ready."""
    redis_answers = _redis(settings.redis_url) if settings.redis_url else None

    @app.get("/health/live")
    def live() -> Response:
        return Response(encode({"status": "live"}), mimetype=JSON)

    @app.get("/health/ready")
    def ready() -> Response:
        if is_draining():
            raise NotReady("This process is ending: send calls to another one.")
        if redis_answers and not redis_answers():
            raise NotReady("Redis does not answer: check CDS_REDIS_URL.")
        body: dict[str, Any] = {"status": "ready", "services": len(SERVICES)}
        if warnings := list(_warnings(recorder)):
            body["warnings"] = warnings
        return Response(encode(body), mimetype=JSON)


def _warnings(recorder: Recorder[Account]) -> Iterator[str]:
    """What no call needs."""
    if recorder.lost.calls:
        yield f"{recorder.lost.calls} hook calls were not recorded: check CDS_DATABASE_URL"


def _redis(url: str) -> Callable[[], bool]:
    from redis import RedisError

    redis = open_redis(url, PING_SECONDS)
    asked, answered = 0.0, False

    def answers() -> bool:
        nonlocal asked, answered
        if monotonic() - asked > REMEMBER_SECONDS:
            try:
                answered = bool(redis.ping())
            except RedisError:
                answered = False
            asked = monotonic()
        return answered

    return answers
