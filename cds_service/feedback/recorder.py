"""Record which cards were shown, off the path of the hook call: a bounded queue and one thread in each process.

``record`` costs a hook call about a microsecond, whatever the state of the database: what does not fit into the queue,
and what cannot be written, is counted as lost, told in the log once a minute, and recorded itself once that works.
"""

import atexit
import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from cds_service.errors import DatabaseUnusable
from cds_service.feedback.shown import Answered

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger("cds_service.feedback")

CAPACITY = 10_000
BATCH = 500
GATHER_SECONDS = 0.5
RETRY_SECONDS = (0.0, 1.0, 1.0)
"""Before each try to write a batch, the last of which gives it up."""
CLOSE_SECONDS = 3.0
WARN_SECONDS = 60.0


class _Lane:
    """The queue of one process, and the thread that empties it."""

    def __init__(self, work: Callable[["_Lane"], None], capacity: int) -> None:
        self.process = os.getpid()
        self.answers: Queue[Answered | None] = Queue(capacity)
        self.closing = Event()
        self.writing: list[Answered] = []
        # A daemon, as a database that hangs must not keep the process from ending.
        self.thread = Thread(target=work, args=(self,), name="shown-cards", daemon=True)

    def batch(self) -> list[Answered]:
        """Waits for an answer, then a moment for more; [] once the lane is closing and empty."""
        first = None if self.closing.is_set() and self.answers.empty() else self.answers.get()
        self.closing.wait(GATHER_SECONDS if first else 0)
        gathered = [first, *self.drained(BATCH - 1)]
        return [answered for answered in gathered if answered is not None]

    def drained(self, most: int) -> list[Answered | None]:
        taken: list[Answered | None] = []
        with suppress(Empty):
            while len(taken) < most:
                taken.append(self.answers.get_nowait())
        return taken

    def wake(self) -> None:
        """Lets a thread that waits for an answer see that there will be none."""
        self.closing.set()
        with suppress(Full):  # then it does not wait
            self.answers.put_nowait(None)


class Recorder:
    """Writes to the database that ``engine`` opens, which is called in the thread only."""

    def __init__(self, engine: "Callable[[], Engine]", capacity: int = CAPACITY) -> None:
        self.lost = 0
        """Cards that were shown and never recorded, in this process."""
        self._engine = engine
        self._capacity = capacity
        self._lane: _Lane | None = None
        self._lock = Lock()
        self._told_lost = 0
        self._warned: float | None = None

    def record(self, answered: Answered) -> None:
        """Puts one answer's cards into the queue, or counts them as lost."""
        lane = self._lane
        try:
            if lane is None or lane.process != os.getpid():
                lane = self._start()
            lane.answers.put_nowait(answered)
        except (Full, RuntimeError) as full:  # RuntimeError: the system gives no more threads
            self._lose([answered], "the queue is full" if isinstance(full, Full) else "no thread could be started")

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Writes what is in the queue, for so many seconds at most; ``record`` starts anew."""
        lane, self._lane = self._lane, None
        if lane is None or lane.process != os.getpid():
            return
        lane.wake()
        lane.thread.join(seconds)
        left = [answered for answered in lane.drained(self._capacity) if answered is not None]
        left += lane.writing
        if left:
            self._lose(left, "the service ended first")

    def _start(self) -> _Lane:
        """Threads do not survive a fork, and gunicorn forks after the application may have been made."""
        with self._lock:
            lane = self._lane
            if lane is None or lane.process != os.getpid():
                lane = _Lane(self._work, self._capacity)
                lane.thread.start()
                self._lane = lane
                atexit.unregister(self.close)
                atexit.register(self.close)
        return lane

    def _work(self, lane: _Lane) -> None:
        while batch := lane.batch():
            lane.writing = batch
            self._write(batch, lane.closing)
            lane.writing = []

    def _write(self, batch: list[Answered], closing: Event) -> None:
        why = ""
        for pause in RETRY_SECONDS:
            closing.wait(pause)
            try:
                return self._save(batch)
            except DatabaseUnusable as unusable:
                why = unusable.message
            except Exception as fault:  # noqa: BLE001  a fault of ours loses one batch, not all that come after it
                why = type(fault).__name__
        return self._lose(batch, why)

    def _save(self, batch: list[Answered]) -> None:
        from cds_service.feedback import store

        lost = self.lost - self._told_lost
        store.save_shown(self._engine(), batch, lost, datetime.now(UTC))
        self._told_lost += lost

    def _lose(self, answers: Iterable[Answered], why: str) -> None:
        with self._lock:
            self.lost += sum(len(answered.cards) for answered in answers)
            now = monotonic()
            if self._warned is not None and now - self._warned < WARN_SECONDS:
                return
            self._warned = now
        log.warning("%d shown cards were not recorded so far (hook calls are unaffected): %s", self.lost, why)
