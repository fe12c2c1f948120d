"""Where a client's keys come from: written down, or fetched from the address that its settings name, and kept.

A fetched set is asked for again after ``REFRESH_S`` off the calls' path, and once for a kid that is not in it, but
never within ``MIN_S`` of the last attempt, so that a forger with many kids causes no traffic. A key server that is away
changes nothing for ``MAX_S``.
"""

import logging
import time
from collections.abc import Callable, Mapping
from threading import Lock, Thread
from typing import Protocol

from cds_service.fhir.key_sets import NoKeySet
from cds_service.trust.jwks import Key, NotKeys, read_jwks

log = logging.getLogger("cds_service.trust")

MIN_S = 30.0
REFRESH_S = 600.0
MAX_S = 24 * 3600.0


class KeyRing(Protocol):
    """The keys of one client."""

    def find(self, kid: str) -> Key | None: ...


class WrittenKeys:
    """Keys from the clients' file, or from a file it names."""

    def __init__(self, keys: Mapping[str, Key]) -> None:
        self._keys = dict(keys)

    def find(self, kid: str) -> Key | None:
        return self._keys.get(kid)


class FetchedKeys:
    """Keys that ``fetch`` brings (it raises NoKeySet); ``name`` is the client's, for the log."""

    def __init__(self, name: str, fetch: Callable[[], bytes], clock: Callable[[], float] = time.monotonic) -> None:
        self._name, self._fetch, self._clock = name, fetch, clock
        self._keys: Mapping[str, Key] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._lock = Lock()

    def find(self, kid: str) -> Key | None:
        key = self._kept(kid)
        if key is None:
            with self._lock:  # whoever waited here finds what the first one fetched
                key = self._kept(kid)
                if key is None and self._may_ask():
                    self._ask()
                    key = self._kept(kid)
        elif self._age(self._fetched_at) > REFRESH_S and self._may_ask() and self._lock.acquire(blocking=False):
            Thread(target=self._ask_and_release, name="keys", daemon=True).start()
        return key

    def _kept(self, kid: str) -> Key | None:
        return self._keys.get(kid) if self._age(self._fetched_at) <= MAX_S else None

    def _age(self, since: float | None) -> float:
        return float("inf") if since is None else self._clock() - since

    def _may_ask(self) -> bool:
        return self._age(self._tried_at) >= MIN_S

    def _ask_and_release(self) -> None:
        try:
            self._ask()
        finally:
            self._lock.release()

    def _ask(self) -> None:
        self._tried_at = self._clock()
        try:
            found = read_jwks(self._fetch())
        except (NoKeySet, NotKeys) as none:
            log.warning("client %s: its key set (jku) was not had: %s", self._name, none)
            return
        self._keys, self._fetched_at = found.keys, self._tried_at
        if found.faults:
            log.warning("client %s: %d keys of its key set (jku) are not usable", self._name, len(found.faults))
