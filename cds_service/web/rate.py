"""How many calls one caller may make in a minute, so that a client in a loop cannot starve the others.

A fixed window of one clock minute, counted in this process, or in Redis for all processes. A library costs 70 us a call
and an eighth of a second at the start; this costs a microsecond. Counting never fails a call: if Redis does not answer,
each process counts for itself.
"""

import logging
from hashlib import sha256
from threading import Lock
from time import monotonic, time

from flask import Flask, current_app, g, request

from cds_service.errors import TooManyCalls
from cds_service.redis_link import open_redis
from cds_service.settings import Settings

log = logging.getLogger("cds_service.rate")

MOST_CALLERS = 10_000
"""Counted apart in one process; all others share one count, so that inventing callers gains nothing."""
REDIS_SECONDS = 0.05
RETRY_SECONDS = 10.0
"""How long Redis is left alone after it failed: its timeout is not paid on every call."""
_WINDOW = 60
_OTHERS = ""


def add_rate_limit(app: Flask, settings: Settings) -> None:
    """Lets ``limit_rate`` know the limit, in ``app.extensions``."""
    app.extensions["rate"] = Rate(settings.calls_per_minute, settings.redis_url)


def limit_rate() -> None:
    """Counts this call. Raises TooManyCalls.

    The caller is the client's name where one was authenticated (``g.client``), else the address it comes from.
    """
    rate: Rate = current_app.extensions["rate"]
    if rate.most:
        rate.count(g.get("client") or request.environ.get("REMOTE_ADDR", ""))


class Rate:
    """Counts callers' calls; ``most`` in a minute, 0 for no limit."""

    def __init__(self, most: int, redis_url: str = "") -> None:
        self.most = most
        self._shared = _Shared(redis_url) if redis_url and most else None
        self._window = 0
        self._counts: dict[str, int] = {}
        self._lock = Lock()

    def count(self, caller: str) -> None:
        """Raises TooManyCalls with the seconds until the next window."""
        now = time()
        window = int(now // _WINDOW)
        calls = self._shared.count(caller, window) if self._shared else None
        if calls is None:
            calls = self._own(caller, window)
        if calls > self.most:
            raise TooManyCalls(self.most, max(1, round((window + 1) * _WINDOW - now)))

    def _own(self, caller: str, window: int) -> int:
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            if caller not in self._counts and len(self._counts) >= MOST_CALLERS:
                caller = _OTHERS
            self._counts[caller] = calls = self._counts.get(caller, 0) + 1
        return calls


class _Shared:
    """The counts of all processes. A caller is stored as a hash, and for two minutes."""

    def __init__(self, url: str) -> None:
        self._redis = open_redis(url, REDIS_SECONDS)
        self._not_before = 0.0

    def count(self, caller: str, window: int) -> int | None:
        """None where Redis cannot tell."""
        from redis import RedisError

        if monotonic() < self._not_before:
            return None
        key = f"anakinra-cds:rate:{sha256(caller.encode()).hexdigest()[:16]}:{window}"
        try:
            counted = self._redis.pipeline(transaction=False).incr(key).expire(key, 2 * _WINDOW).execute()
        except RedisError as error:
            self._not_before = monotonic() + RETRY_SECONDS
            log.warning("Redis does not answer (%s): each process counts calls for itself", type(error).__name__)
            return None
        return int(counted[0])
