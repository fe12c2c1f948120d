"""Kept worker threads, a few for each FHIR server: a server that hangs holds up only its own.

A thread is the only thing that ends a name look-up that hangs, or anything else without a clock, from outside: the
caller waits until the deadline and goes on without it. Everything else ends by itself at the deadline
(``client``'s sockets), so the threads come free again.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from cds_service.fhir.access import Deadline
from cds_service.fhir.failures import Crowded

MAX_LANES = 64
MAX_WAITING = 128


class _Lane:
    def __init__(self, width: int) -> None:
        self.threads = ThreadPoolExecutor(width, thread_name_prefix="fhir")
        self.held = 0  # jobs under way or waiting


class Lanes:
    """At most ``width`` calls in flight to each server; further ones wait their turn, no longer than their deadline.

    Where ``MAX_WAITING`` wait already, further ones are refused at once.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._lanes: OrderedDict[str, _Lane] = OrderedDict()
        self._lock = threading.Lock()

    def run(self, origin: str, jobs: Sequence[Callable[[], None]], deadline: Deadline) -> bool:
        """Run the jobs side by side; return when all are done, and at the deadline at the latest.

        True if all that were begun have ended. A job that is late is left behind: what it still brings is the caller's
        to ignore. A job's own exception is raised here, and ``Crowded`` where there is no room to wait.
        """
        lane, futures = self._submit(origin, jobs)
        done, late = wait(futures, timeout=deadline.left())
        dropped = sum(future.cancel() for future in late)
        with self._lock:
            lane.held -= dropped
        for future in done:
            future.result()
        return dropped == len(late)

    def _submit(self, origin: str, jobs: Sequence[Callable[[], None]]) -> tuple[_Lane, list[Future[None]]]:
        with self._lock:
            lane = self._lane(origin)
            if lane.held + len(jobs) > self._width + MAX_WAITING:
                raise Crowded
            lane.held += len(jobs)
            return lane, [lane.threads.submit(self._work, lane, job) for job in jobs]

    def _lane(self, origin: str) -> _Lane:
        lane = self._lanes.get(origin)
        if lane is None:
            lane = self._lanes[origin] = _Lane(self._width)
            if len(self._lanes) > MAX_LANES:
                _, oldest = self._lanes.popitem(last=False)
                oldest.threads.shutdown(wait=False)
        self._lanes.move_to_end(origin)
        return lane

    def _work(self, lane: _Lane, job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            with self._lock:
                lane.held -= 1

    def close(self) -> None:
        """Let the threads end when their jobs have; queued jobs are dropped."""
        with self._lock:
            for lane in self._lanes.values():
                lane.threads.shutdown(wait=False, cancel_futures=True)
            self._lanes.clear()
