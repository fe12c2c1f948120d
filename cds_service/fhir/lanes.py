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

MAX_LANES = 64


class Lanes:
    """At most ``width`` calls in flight to each server; further ones wait their turn, no longer than their deadline."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._lanes: OrderedDict[str, ThreadPoolExecutor] = OrderedDict()
        self._lock = threading.Lock()

    def run(self, origin: str, jobs: Sequence[Callable[[], None]], deadline: Deadline) -> None:
        """Run the jobs side by side; return when all are done, and at the deadline at the latest.

        A job that is late is left behind: what it still brings is the caller's to ignore. A job's own exception is
        raised here.
        """
        futures = self._submit(origin, jobs)
        done, late = wait(futures, timeout=deadline.left())
        for future in late:
            future.cancel()
        for future in done:
            future.result()

    def _submit(self, origin: str, jobs: Sequence[Callable[[], None]]) -> list[Future[None]]:
        with self._lock:
            lane = self._lanes.get(origin)
            if lane is None:
                lane = self._lanes[origin] = ThreadPoolExecutor(self._width, thread_name_prefix="fhir")
                if len(self._lanes) > MAX_LANES:
                    _, oldest = self._lanes.popitem(last=False)
                    oldest.shutdown(wait=False)
            self._lanes.move_to_end(origin)
            return [lane.submit(job) for job in jobs]

    def close(self) -> None:
        """Let the threads end when their jobs have; queued jobs are dropped."""
        with self._lock:
            for lane in self._lanes.values():
                lane.shutdown(wait=False, cancel_futures=True)
            self._lanes.clear()
