"""Recording what was said: never on the hook call's path, never more than fits, never lost without a count."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from cds_service.errors import DatabaseUnusable
from cds_service.records import recorder as module
from cds_service.records.recorder import Lost, Recorder

UNUSABLE = DatabaseUnusable("The database x cannot be used (disk full).")


class Call(NamedTuple):
    """A hook call with cards."""

    name: str
    cards: Sequence[str] = ("card",)


class Book:
    """Where calls are written; raises ``faults``, one a try, before it works."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.calls: list[Call] = []
        self.batches: list[int] = []
        self.lost: list[Lost] = []

    def save(self, calls: Sequence[Call], lost: Lost, _: datetime) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.calls += calls
        self.batches.append(len(calls))
        if any(lost):
            self.lost.append(lost)


Made = Callable[..., Recorder[Call]]


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """A function: a recorder that gathers and retries without waiting, closed after the test."""
    monkeypatch.setattr(module, "GATHER_SECONDS", 0.01)
    monkeypatch.setattr(module, "RETRY_SECONDS", (0.0, 0.01))
    recorders = []

    def make(save: Callable[..., None], **given: object) -> Recorder[Call]:
        recorders.append(Recorder(save, **given))  # type: ignore[arg-type]
        return recorders[-1]

    yield make
    for each in recorders:
        each.close(0.01)


@pytest.fixture
def hanging() -> Iterator[Callable[..., None]]:
    """A database that does not answer, until the test is over."""
    over = threading.Event()

    def save(*_: object) -> None:
        over.wait(30)
        raise DatabaseUnusable("it hung")

    yield save
    over.set()


def broken(*_: object) -> None:
    raise UNUSABLE


def until(true: Callable[[], bool]) -> None:
    latest = time.monotonic() + 10
    while not true() and time.monotonic() < latest:
        time.sleep(0.01)
    assert true()


def test_nothing_is_started_before_there_is_something_to_record(made: Made) -> None:
    before = threading.active_count()
    made(broken).close()
    assert threading.active_count() == before


def test_calls_are_written_by_a_thread_of_its_own(made: Made, book: Book) -> None:
    recorder = made(book.save)
    calls = [Call(f"{number}") for number in range(20)]
    for call in calls:
        recorder.record(call)
    until(lambda: book.calls == calls)
    assert recorder.lost == Lost()


def test_the_end_waits_for_what_is_in_the_queue_and_a_new_beginning_is_possible(
    made: Made, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GATHER_SECONDS", 60)
    recorder = made(book.save)
    for number in range(3):
        recorder.record(Call(f"{number}"))
        recorder.close()
        assert len(book.calls) == number + 1


def test_a_batch_larger_than_one_is_written_in_several(made: Made, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    recorder = made(book.save)
    for number in range(7):
        recorder.record(Call(f"{number}"))
    recorder.close()
    assert (len(book.calls), max(book.batches)) == (7, 2)


def test_a_database_that_fails_costs_calls_and_one_line_a_minute(
    made: Made, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    recorder = made(broken)

    def lose(cards: int) -> None:
        recorder.record(Call("c", ["card"] * cards))
        recorder.close()

    lose(2)
    lose(3)
    assert (recorder.lost, len(caplog.messages)) == (Lost(2, 5), 1)
    now[0] = 161.0
    lose(1)
    assert recorder.lost == Lost(3, 6)
    assert caplog.messages == [
        f"{calls} hook calls with {cards} cards were not recorded so far (the calls are unaffected): "
        "The database x cannot be used (disk full)."
        for calls, cards in ((1, 2), (3, 6))
    ]


def test_a_fault_of_ours_loses_a_batch_and_not_the_next(made: Made) -> None:
    book = Book(AttributeError("one"), AttributeError("two"))
    recorder = made(book.save)
    recorder.record(Call("1"))
    until(lambda: recorder.lost == Lost(1, 1))
    recorder.record(Call("2"))
    until(lambda: book.calls == [Call("2")])
    assert book.lost == [Lost(1, 1)]


def test_a_short_outage_loses_nothing(made: Made) -> None:
    book = Book(UNUSABLE)
    recorder = made(book.save)
    recorder.record(Call("1"))
    until(lambda: book.calls == [Call("1")])
    assert recorder.lost == Lost()


def test_a_loss_is_told_once_to_whoever_writes_it_down(made: Made, book: Book) -> None:
    recorder = made(book.save)
    recorder.lost = Lost(2, 4)
    for name in ("1", "2"):
        recorder.record(Call(name))
        recorder.close()
    assert book.lost == [Lost(2, 4)]


def test_a_hanging_database_fills_the_queue_and_delays_nobody(
    made: Made, hanging: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    recorder = made(hanging, capacity=5)
    call = Call("1")
    recorder.record(call)
    until(lambda: recorder._lane is not None and bool(recorder._lane.writing))

    started = time.perf_counter()
    for _ in range(1000):
        recorder.record(call)
    assert time.perf_counter() - started < 1

    assert recorder.lost == Lost(995, 995)
    assert "the queue is full" in caplog.text
    started = time.perf_counter()
    recorder.close(0.05)
    assert time.perf_counter() - started < 1
    assert recorder.lost == Lost(1001, 1001)


def test_no_thread_to_be_had_is_a_loss_too(made: Made, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    recorder = made(book.save)
    recorder.record(Call("1"))
    assert recorder.lost == Lost(1, 1)


def test_a_fork_records_with_a_thread_of_its_own(made: Made, tmp_path: Path) -> None:
    """A parent that has recorded forks, as gunicorn does with a preloaded application; both go on."""
    file = tmp_path / "written"

    def save(calls: Sequence[Call], *_: object) -> None:
        with file.open("a") as book:
            book.writelines(f"{call.name}\n" for call in calls)

    recorder = made(save)
    recorder.record(Call("parent"))
    until(lambda: file.exists() and file.read_text() == "parent\n")

    child = os.fork()
    if child == 0:
        recorder.record(Call("child"))
        recorder.close()
        os._exit(7 if any(recorder.lost) else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    recorder.record(Call("parent again"))
    until(lambda: file.read_text() == "parent\nchild\nparent again\n")


def test_a_child_does_not_close_for_its_parent(made: Made, book: Book) -> None:
    recorder = made(book.save)
    recorder.record(Call("1"))
    assert recorder._lane is not None
    lane = recorder._lane
    lane.process = -1
    recorder.close()
    assert not lane.closing.is_set()
    lane.wake()
    lane.thread.join(10)  # or it would write into the next test's log


def test_it_tidies_up_at_first_and_once_a_day(made: Made, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIDY_SECONDS", 0.1)
    days: list[datetime] = []
    recorder = made(book.save, tidy=days.append)
    recorder.record(Call("1"))
    until(lambda: len(days) == 3)  # two of them without another call
    assert len(book.calls) == 1


def test_what_cannot_be_tidied_up_is_told_and_stops_nothing(
    made: Made, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = made(book.save, tidy=broken)
    recorder.record(Call("1"))
    until(lambda: bool(caplog.messages))
    assert caplog.messages == [
        "what is older than CDS_RETENTION_DAYS was not deleted today: The database x cannot be used (disk full)."
    ]
    recorder.record(Call("2"))
    until(lambda: len(book.calls) == 2)


def test_the_log_is_quiet_while_all_is_well(made: Made, book: Book, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    recorder = made(book.save)
    recorder.record(Call("1"))
    recorder.close()
    assert (caplog.messages, book.calls) == ([], [Call("1")])
