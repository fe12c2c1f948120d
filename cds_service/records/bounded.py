"""Wait for the database for so long and no longer, and let only so many wait.

A driver's own timeouts do not help against a server that accepts and says nothing.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from typing import TypeVar

from cds_service.errors import DatabaseUnusable

T = TypeVar("T")

_LATE = "The database did not answer in time."
_BUSY = "Too many wait for the database already."


class Bounded:
    """``most`` at once, each for ``seconds``. What is late goes on in its own thread; nobody waits for it."""

    def __init__(self, most: int, seconds: float) -> None:
        self.seconds = seconds
        self._places = BoundedSemaphore(most)

    def run(self, work: Callable[[], T]) -> T:
        """What ``work`` answers or raises. Raises DatabaseUnusable if it is late, or too many others wait."""
        if not self._places.acquire(blocking=False):
            raise DatabaseUnusable(_BUSY)
        done: Future[T] = Future()
        try:
            # A daemon, unlike the threads of an executor: one that hangs must not keep the process from ending.
            Thread(target=self._run, args=(work, done), name="database", daemon=True).start()
        except RuntimeError:  # the system gives no more threads
            self._places.release()
            raise DatabaseUnusable(_BUSY) from None
        try:
            return done.result(self.seconds)
        except TimeoutError:
            raise DatabaseUnusable(_LATE) from None

    def _run(self, work: Callable[[], T], done: "Future[T]") -> None:
        try:
            done.set_result(work())
        except BaseException as fault:  # noqa: BLE001 - it is raised where the answer is awaited
            done.set_exception(fault)
        finally:
            self._places.release()
