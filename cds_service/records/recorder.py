"""Write what was said, off the path of the hook call: a bounded queue and one thread in each process.

``record`` costs a hook call about a microsecond, whatever the state of the database: what does not fit into the queue,
and what cannot be written, is counted as lost, told in the log once a minute, and recorded itself once that works.
"""

import atexit
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Generic, NamedTuple, Protocol, TypeVar

from cds_service.errors import DatabaseUnusable

log = logging.getLogger("cds_service.records")

CAPACITY = 10_000
BATCH = 500
GATHER_SECONDS = 0.5
RETRY_SECONDS = (0.0, 1.0, 1.0)
"""Before each try to write a batch, the last of which gives it up."""
CLOSE_SECONDS = 3.0
WARN_SECONDS = 60.0
TIDY_SECONDS = 24 * 3600.0


class Recordable(Protocol):
    """One hook call; only the number of its cards matters here."""

    @property
    def cards(self) -> Sequence[object]: ...


T = TypeVar("T", bound=Recordable)


class Lost(NamedTuple):
    """Hook calls that could not be recorded, and the cards they had."""

    calls: int = 0
    cards: int = 0


class _Lane(Generic[T]):
    """The queue of one process, and the thread that empties it."""

    def __init__(self, work: "Callable[[_Lane[T]], None]", capacity: int) -> None:
        self.process = os.getpid()
        self.waiting: Queue[T | None] = Queue(capacity)
        self.closing = Event()
        self.writing: list[T] = []
        # A daemon, as a database that hangs must not keep the process from ending.
        self.thread = Thread(target=work, args=(self,), name="records", daemon=True)

    @property
    def done(self) -> bool:
        return self.closing.is_set() and self.waiting.empty()

    def batch(self, seconds: float) -> list[T]:
        """Waits so long for one, then a moment for more; [] if none came."""
        try:
            first = self.waiting.get(timeout=max(seconds, 0))
        except Empty:
            return []
        self.closing.wait(GATHER_SECONDS if first else 0)
        return [each for each in (first, *self.drained(BATCH - 1)) if each is not None]

    def drained(self, most: int) -> list[T | None]:
        taken: list[T | None] = []
        with suppress(Empty):
            while len(taken) < most:
                taken.append(self.waiting.get_nowait())
        return taken

    def wake(self) -> None:
        """Lets a thread that waits see that nothing more will come."""
        self.closing.set()
        with suppress(Full):  # then it does not wait
            self.waiting.put_nowait(None)


class Recorder(Generic[T]):
    """Writes by ``save``: a batch, what was lost since the last one, the time. ``tidy`` runs at first and once a day.

    Both are called in the thread only, and raise DatabaseUnusable.
    """

    def __init__(
        self,
        save: Callable[[Sequence[T], Lost, datetime], None],
        tidy: Callable[[datetime], None] = lambda _: None,
        capacity: int = CAPACITY,
    ) -> None:
        self.lost = Lost()
        """What was never recorded, in this process."""
        self._save = save
        self._tidy = tidy
        self._capacity = capacity
        self._lane: _Lane[T] | None = None
        self._lock = Lock()
        self._told = Lost()
        self._warned: float | None = None
        self._tidy_due = 0.0

    def record(self, each: T) -> None:
        """Puts it into the queue, or counts it as lost."""
        lane = self._lane
        try:
            if lane is None or lane.process != os.getpid():
                lane = self._start()
            lane.waiting.put_nowait(each)
        except (Full, RuntimeError) as full:  # RuntimeError: the system gives no more threads
            self._lose([each], "the queue is full" if isinstance(full, Full) else "no thread could be started")

    def miss(self, why: str) -> None:
        """Counts a call of which not even a record could be made."""
        self._count(1, 0, why)

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Writes what is in the queue, for so many seconds at most; ``record`` starts anew."""
        lane, self._lane = self._lane, None
        if lane is None or lane.process != os.getpid():
            return
        lane.wake()
        lane.thread.join(seconds)
        left = [each for each in lane.drained(self._capacity) if each is not None]
        left += lane.writing
        if left:
            self._lose(left, "the service ended first")

    def _start(self) -> _Lane[T]:
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

    def _work(self, lane: _Lane[T]) -> None:
        while not lane.done:
            batch = lane.batch(self._tidy_due - monotonic() if self._tidy_due else TIDY_SECONDS)
            if batch:
                lane.writing = batch
                self._write(batch, lane.closing)
                lane.writing = []
            if monotonic() >= self._tidy_due and not lane.closing.is_set():
                self._tidy_up()

    def _write(self, batch: list[T], closing: Event) -> None:
        why = ""
        for pause in RETRY_SECONDS:
            closing.wait(pause)
            lost = Lost(self.lost.calls - self._told.calls, self.lost.cards - self._told.cards)
            try:
                self._save(batch, lost, datetime.now(UTC))
            except DatabaseUnusable as unusable:
                why = unusable.message
            except Exception as fault:  # noqa: BLE001  a fault of ours loses one batch, not all that come after it
                why = type(fault).__name__
            else:
                self._told = Lost(self._told.calls + lost.calls, self._told.cards + lost.cards)
                return
        self._lose(batch, why)

    def _tidy_up(self) -> None:
        self._tidy_due = monotonic() + TIDY_SECONDS
        try:
            self._tidy(datetime.now(UTC))
        except Exception as fault:  # noqa: BLE001  what is old is forgotten a day later; the thread goes on
            why = fault.message if isinstance(fault, DatabaseUnusable) else type(fault).__name__
            log.warning("what is older than CDS_RETENTION_DAYS was not deleted today: %s", why)

    def _lose(self, those: Iterable[T], why: str) -> None:
        cards = [len(each.cards) for each in those]
        self._count(len(cards), sum(cards), why)

    def _count(self, calls: int, cards: int, why: str) -> None:
        with self._lock:
            self.lost = Lost(self.lost.calls + calls, self.lost.cards + cards)
            now = monotonic()
            if self._warned is not None and now - self._warned < WARN_SECONDS:
                return
            self._warned = now
        line = "%d hook calls with %d cards were not recorded so far (the calls are unaffected): %s"
        log.warning(line, *self.lost, why)
