"""Waiting for a database: so long, so many, and no longer once one was late."""

import threading
from collections.abc import Iterator

import pytest

from cds_service.errors import DatabaseUnusable
from cds_service.records.bounded import Bounded
from tests.in_time import AT_ONCE_S, timed, wait_for


@pytest.fixture
def over() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_an_answer_and_an_error_come_through() -> None:
    bounded = Bounded(1, 5)
    assert [bounded.run(lambda: 7) for _ in range(3)] == [7, 7, 7]
    with pytest.raises(ZeroDivisionError):
        bounded.run(lambda: 1 // 0)
    assert bounded.run(lambda: 7) == 7


def test_once_one_is_late_nobody_waits_until_it_is_done(over: threading.Event) -> None:
    bounded = Bounded(2, AT_ONCE_S, patience=5)
    with pytest.raises(DatabaseUnusable, match="in time"):
        bounded.run(lambda: over.wait(30))

    def refused() -> bool:
        try:
            return bounded.run(lambda: 7) != 7
        except DatabaseUnusable:
            return True

    was_refused, seconds = timed(refused)
    assert was_refused
    assert seconds < AT_ONCE_S
    over.set()
    wait_for(lambda: not refused())


def test_one_too_many_is_refused(over: threading.Event) -> None:
    bounded = Bounded(1, 30)
    begun = threading.Event()

    def work() -> None:
        begun.set()
        over.wait(30)

    first = threading.Thread(target=bounded.run, args=(work,))
    first.start()
    assert begun.wait(5)
    with pytest.raises(DatabaseUnusable, match="Too many"):
        bounded.run(lambda: 7)
    over.set()
    first.join(5)


def test_no_thread_to_be_had_is_refused_and_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    bounded = Bounded(1, 5)

    def start(_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        with pytest.raises(DatabaseUnusable):
            bounded.run(lambda: 7)
    assert bounded.run(lambda: 7) == 7
