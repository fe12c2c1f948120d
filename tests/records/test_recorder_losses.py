"""What a failing database costs: calls that are counted, a line in the log, and never a hook call's time."""

import threading
from collections.abc import Callable, Iterator

import pytest

from cds_service.errors import DatabaseUnusable
from cds_service.records import recorder as module
from cds_service.records.recorder import Lost
from tests.in_time import timed, wait_for
from tests.records.recording import UNUSABLE, Book, Call, Made, broken

HANGING_SECONDS = 30


@pytest.fixture
def hanging() -> Iterator[Callable[..., None]]:
    """A database that does not answer, until the test is over."""
    over = threading.Event()

    def save(*_: object) -> None:
        over.wait(HANGING_SECONDS)
        raise DatabaseUnusable("it hung")

    yield save
    over.set()


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
    wait_for(lambda: recorder.lost == Lost(1, 1))
    recorder.record(Call("2"))
    wait_for(lambda: book.calls == [Call("2")])
    assert book.lost == [Lost(1, 1)]


def test_a_short_outage_loses_nothing(made: Made) -> None:
    book = Book(UNUSABLE)
    recorder = made(book.save)
    recorder.record(Call("1"))
    wait_for(lambda: book.calls == [Call("1")])
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
    wait_for(lambda: recorder._lane is not None and bool(recorder._lane.writing))

    _, seconds = timed(lambda: [recorder.record(call) for _ in range(1000)])
    assert seconds < HANGING_SECONDS / 2

    assert recorder.lost == Lost(995, 995)
    assert "the queue is full" in caplog.text
    _, seconds = timed(lambda: recorder.close(0.05))
    assert seconds < HANGING_SECONDS / 2
    assert recorder.lost == Lost(1001, 1001)


def test_no_thread_to_be_had_is_a_loss_too(made: Made, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    recorder = made(book.save)
    recorder.record(Call("1"))
    assert recorder.lost == Lost(1, 1)
