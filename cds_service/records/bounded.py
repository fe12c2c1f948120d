"""Wait for the database for so long and no longer, and let only so many wait.

A driver's own timeouts do not help against a server that accepts and says nothing.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Lock, Thread
from typing import TypeVar

from cds_service.errors import DatabaseUnusable

T = TypeVar("T")

_LATE = "The database did not answer in time."
_BUSY = "Too many wait for the database already."


class Bounded:
    """``most`` at once, each for ``seconds``; one too many waits for a place as long as ``patience`` (seconds) says.

    What is late goes on in its own thread; until it is done, everybody else is refused at once.
    """

    def __init__(self, most: int, seconds: float, patience: float = 0) -> None:
        self._seconds = seconds
        self._patience = patience
        self._places = BoundedSemaphore(most)
        self._counting = Lock()
        self._late = 0

    def run(self, work: Callable[[], T]) -> T:
        """What ``work`` answers or raises. Raises DatabaseUnusable if it is late, or too many others wait."""
        if self._late:
            raise DatabaseUnusable(_LATE)
        if not self._places.acquire(timeout=self._patience):
            raise DatabaseUnusable(_BUSY)
        done: Future[T] = Future()
        try:
            # A daemon, unlike the threads of an executor: one that hangs must not keep the process from ending.
            Thread(target=self._run, args=(work, done), name="database", daemon=True).start()
        except RuntimeError:  # the system gives no more threads
            self._places.release()
            raise DatabaseUnusable(_BUSY) from None
        try:
            return done.result(self._seconds)
        except TimeoutError:
            self._count_late(1)
            done.add_done_callback(lambda _: self._count_late(-1))
            raise DatabaseUnusable(_LATE) from None

    def _count_late(self, change: int) -> None:
        with self._counting:
            self._late += change

    def _run(self, work: Callable[[], T], done: "Future[T]") -> None:
        try:
            found = work()
        except BaseException as fault:  # noqa: BLE001 - it is raised where the answer is awaited
            self._places.release()
            done.set_exception(fault)
        else:
            self._places.release()
            done.set_result(found)
