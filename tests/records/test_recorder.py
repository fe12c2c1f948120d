"""Recording what was shown: never on the hook call's path, never more than fits, never lost without a count."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select

from cds_service.errors import DatabaseUnusable
from cds_service.feedback import recorder as module
from cds_service.feedback import store
from cds_service.feedback.tables import recording_loss, shown_card
from cds_service.records.database import open_engine
from cds_service.records.recorder import Recorder
from tests.feedback.conftest import Answers

Made = Callable[..., Recorder]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """A function: a recorder that gathers and retries without waiting, closed after the test."""
    monkeypatch.setattr(module, "GATHER_SECONDS", 0.01)
    monkeypatch.setattr(module, "RETRY_SECONDS", (0.0, 0.01))
    recorders = []

    def make(engine: Callable[[], Engine], capacity: int = 100) -> Recorder:
        recorders.append(Recorder(engine, capacity))
        return recorders[-1]

    yield make
    for each in recorders:
        each.close(0.01)


@pytest.fixture
def hanging() -> Iterator[Callable[[], Engine]]:
    """A database that does not answer, until the test is over."""
    over = threading.Event()

    def open_it() -> Engine:
        over.wait(30)
        raise DatabaseUnusable("it hung")

    yield open_it
    over.set()


def recorded(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(shown_card)) or 0)


def until(true: Callable[[], bool]) -> None:
    latest = time.monotonic() + 10
    while not true() and time.monotonic() < latest:
        time.sleep(0.01)
    assert true()


def broken() -> Engine:
    raise DatabaseUnusable("The database x cannot be used (disk full).")


def test_nothing_is_started_before_there_is_something_to_record(made: Made) -> None:
    before = threading.active_count()
    recorder = made(broken)
    recorder.close()
    assert threading.active_count() == before


def test_cards_are_written_by_a_thread_of_its_own(made: Made, engine: Engine, answered: Answers) -> None:
    recorder = made(lambda: engine)
    for number in range(20):
        recorder.record(answered((f"a{number}", "x"), (f"b{number}", "y")))
    until(lambda: recorded(engine) == 40)
    assert recorder.lost == 0


def test_the_end_waits_for_what_is_in_the_queue_and_a_new_beginning_is_possible(
    made: Made, engine: Engine, answered: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GATHER_SECONDS", 60)
    recorder = made(lambda: engine)
    for number in range(3):
        recorder.record(answered((f"c{number}", "x")))
        recorder.close()
        assert recorded(engine) == number + 1


def test_a_batch_larger_than_one_is_written_in_several(
    made: Made, engine: Engine, answered: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    recorder = made(lambda: engine)
    for number in range(7):
        recorder.record(answered((f"c{number}", "x")))
    recorder.close()
    assert recorded(engine) == 7


def test_a_database_that_fails_costs_cards_and_one_line_a_minute(
    made: Made, answered: Answers, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    recorder = made(broken)

    def lose(cards: int) -> None:
        recorder.record(answered(*((f"c{number}", "x") for number in range(cards))))
        recorder.close()

    lose(2)
    lose(3)
    assert (recorder.lost, len(caplog.messages)) == (5, 1)
    now[0] = 61.0
    lose(1)
    assert recorder.lost == 6
    assert caplog.messages == [
        f"{lost} shown cards were not recorded so far (hook calls are unaffected): "
        "The database x cannot be used (disk full)."
        for lost in (2, 6)
    ]


def test_a_fault_of_ours_loses_a_batch_and_not_the_next(made: Made, engine: Engine, answered: Answers) -> None:
    engines: list[object] = [None, None, engine]
    recorder = made(lambda: engines.pop(0))  # type: ignore[arg-type, return-value]
    recorder.record(answered(("c1", "x")))
    until(lambda: recorder.lost == 1)
    recorder.record(answered(("c2", "x")))
    until(lambda: recorded(engine) == 1)
    with engine.connect() as connection:
        assert connection.scalar(select(recording_loss.c.cards)) == 1


def test_a_short_outage_loses_nothing(made: Made, engine: Engine, answered: Answers) -> None:
    tries = []

    def second_time() -> Engine:
        tries.append(1)
        return engine if len(tries) > 1 else broken()

    recorder = made(second_time)
    recorder.record(answered(("c1", "x")))
    until(lambda: recorded(engine) == 1)
    assert recorder.lost == 0


def test_a_hanging_database_fills_the_queue_and_delays_nobody(
    made: Made, hanging: Callable[[], Engine], answered: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = made(hanging, capacity=5)
    answer = answered(("c1", "x"))
    recorder.record(answer)
    until(lambda: recorder._lane is not None and bool(recorder._lane.writing))

    started = time.perf_counter()
    for _ in range(1000):
        recorder.record(answer)
    assert time.perf_counter() - started < 1

    assert recorder.lost == 995
    assert "the queue is full" in caplog.text
    started = time.perf_counter()
    recorder.close(0.05)
    assert time.perf_counter() - started < 1
    assert recorder.lost == 1001


def test_no_thread_to_be_had_is_a_loss_too(
    made: Made, engine: Engine, answered: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    recorder = made(lambda: engine)
    recorder.record(answered(("c1", "x")))
    assert recorder.lost == 1


def test_a_fork_records_with_a_thread_of_its_own(made: Made, file_url: str, answered: Answers) -> None:
    """A parent that has recorded forks, as gunicorn does with a preloaded application; both go on."""
    engine = open_engine(file_url)
    upgrade(engine)
    recorder = made(lambda: open_engine(file_url))
    recorder.record(answered(("parent", "x")))
    until(lambda: recorded(engine) == 1)

    child = os.fork()
    if child == 0:
        recorder.record(answered(("child", "x")))
        recorder.close()
        os._exit(7 if recorder.lost else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    recorder.record(answered(("parent again", "x")))
    until(lambda: recorded(engine) == 3)


def test_a_child_does_not_close_for_its_parent(made: Made, engine: Engine, answered: Answers) -> None:
    recorder = made(lambda: engine)
    recorder.record(answered(("c1", "x")))
    assert recorder._lane is not None
    lane = recorder._lane
    lane.process = -1
    recorder.close()
    assert not lane.closing.is_set()
    lane.wake()
    lane.thread.join(10)  # or it would write into the next test's log


def test_a_loss_is_counted_in_the_file_once_it_can_be(made: Made, engine: Engine, answered: Answers) -> None:
    recorder = made(lambda: engine)
    recorder.lost = 4
    for card in ("c1", "c2"):
        recorder.record(answered((card, "x")))
        recorder.close()
    with engine.connect() as connection:
        assert list(connection.scalars(select(recording_loss.c.cards))) == [4]


def test_the_log_is_quiet_while_all_is_well(
    made: Made, engine: Engine, answered: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    recorder = made(lambda: engine)
    recorder.record(answered(("c1", "x"), at=datetime.now(UTC)))
    recorder.close()
    assert caplog.messages == []
    assert store.count_before(engine, datetime.max.replace(tzinfo=UTC)).shown == 1
