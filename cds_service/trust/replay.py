"""A token works once. Which ones were used is remembered until they have ended by themselves."""

from collections.abc import Callable
from hashlib import sha256
from heapq import heappop, heappush
from threading import Lock
from time import time
from typing import Protocol

from cds_service.errors import Unavailable

MOST = 200_000
"""Tokens remembered in one process: 300 calls a second for ten minutes, in about 40 MB."""


class Replay(Protocol):
    """Where used tokens are remembered."""

    def first(self, used: bytes, ends: float) -> bool:
        """True once for each ``used`` until ``ends`` (seconds since 1970). Raises Unavailable if it cannot tell."""


def used_of(issuer: str, jti: str) -> bytes:
    """What is remembered of a token: no claim can be read from it. A jti is unique for its issuer."""
    return sha256(f"{issuer}\0{jti}".encode()).digest()


class ReplayHere:
    """In this process only: one worker, one instance."""

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time) -> None:
        self._most, self._clock = most, clock
        self._used: set[bytes] = set()
        self._ending: list[tuple[float, bytes]] = []
        self._lock = Lock()

    def first(self, used: bytes, ends: float) -> bool:
        with self._lock:
            now = self._clock()
            while self._ending and self._ending[0][0] < now:
                self._used.discard(heappop(self._ending)[1])
            if used in self._used:
                return False
            if len(self._used) >= self._most:
                raise Unavailable("More tokens came than can be remembered: nothing was assessed. Set CDS_REDIS_URL.")
            self._used.add(used)
            heappush(self._ending, (ends, used))
            return True
