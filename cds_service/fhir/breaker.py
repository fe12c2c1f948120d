"""A pause for a FHIR server that fails: it is not asked for a while, so that nobody waits for it in vain.

What counts is a round: all that one hook call asks of the server at the same time. A round has failed if nothing was
answered in it and something failed by the server's own fault (``FetchFailure.servers_fault``). So one search that is
too slow for one patient, or a token that is refused, never closes the way for other patients.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from cds_service.fhir.failures import FetchFailure, NotAsked

MAX_HOSTS = 64
FAILURES = 5
WITHIN_S = 30.0
PAUSE_S = 10.0


class Signs:
    """What the answers of one round say about the server; threads of the round only ever set them."""

    def __init__(self) -> None:
        self._answered = False
        self._failed = False

    def answered(self) -> None:
        self._answered = True

    def failed(self, failure: FetchFailure | None = None) -> None:
        """A request failed; without a ``failure`` it was given up at the deadline."""
        if failure is None or failure.servers_fault:
            self._failed = True
        elif failure.answered:
            self._answered = True

    def take(self) -> bool | None:
        """True: the server answers. False: it fails. None: it was not asked. The signs are then blank again."""
        answered, failed = self._answered, self._failed
        self._answered = self._failed = False
        return True if answered else False if failed else None


class _Host:
    def __init__(self) -> None:
        self.failures: deque[float] = deque(maxlen=FAILURES)
        self.closed_until: float | None = None
        self.tried = False


class Breaker:
    """For each server (its origin): closed for ``PAUSE_S`` after ``FAILURES`` failed rounds in a row in ``WITHIN_S``.

    After the pause one round goes out as a trial. An answer opens the way again, another failure begins a new pause.
    ``clock`` gives seconds that never run backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, origin: str) -> None:
        """A round is about to begin; ``leave`` must follow. Raises ``NotAsked`` while the way is closed."""
        with self._lock:
            host = self._hosts.get(origin)
            if host is None or host.closed_until is None:
                return
            left = host.closed_until - self._clock()
            if left > 0 or host.tried:
                raise NotAsked(max(0.0, left))
            host.tried = True

    def leave(self, origin: str, answered: bool | None) -> None:
        """A round is over, with what ``Signs.take`` said of it."""
        with self._lock:
            if answered:
                self._hosts.pop(origin, None)
            elif answered is None:
                if host := self._hosts.get(origin):
                    host.tried = False
            else:
                self._failed(self._host(origin))

    def _failed(self, host: _Host) -> None:
        now = self._clock()
        host.failures.append(now)
        many = len(host.failures) == FAILURES and now - host.failures[0] <= WITHIN_S
        if many or host.tried:
            host.closed_until, host.tried = now + PAUSE_S, False
            host.failures.clear()

    def _host(self, origin: str) -> _Host:
        host = self._hosts.setdefault(origin, _Host())
        self._hosts.move_to_end(origin)
        if len(self._hosts) > MAX_HOSTS:
            self._hosts.popitem(last=False)
        return host
