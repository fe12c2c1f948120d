"""Recording what was said: never on the hook call's path, in batches, tidied up once a day."""

import logging
import threading
from datetime import datetime

import pytest

from cds_service.records import recorder as module
from cds_service.records.recorder import Lost
from tests.in_time import wait_for
from tests.records.recording import Book, Call, Made, broken


def test_nothing_is_started_before_there_is_something_to_record(made: Made) -> None:
    before = threading.active_count()
    made(broken).close()
    assert threading.active_count() == before


def test_calls_are_written_by_a_thread_of_its_own(made: Made, book: Book) -> None:
    recorder = made(book.save)
    calls = [Call(f"{number}") for number in range(20)]
    for call in calls:
        recorder.record(call)
    wait_for(lambda: book.calls == calls)
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


def test_it_tidies_up_at_first_and_once_a_day(made: Made, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIDY_SECONDS", 0.1)
    days: list[datetime] = []
    recorder = made(book.save, tidy=days.append)
    recorder.record(Call("1"))
    wait_for(lambda: len(days) == 3)  # two of them without another call
    assert len(book.calls) == 1


def test_what_cannot_be_tidied_up_is_told_and_stops_nothing(
    made: Made, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = made(book.save, tidy=broken)
    recorder.record(Call("1"))
    wait_for(lambda: bool(caplog.messages))
    assert caplog.messages == [
        "what is older than CDS_RETENTION_DAYS was not deleted today: The database x cannot be used (disk full)."
    ]
    recorder.record(Call("2"))
    wait_for(lambda: len(book.calls) == 2)


def test_the_log_is_quiet_while_all_is_well(made: Made, book: Book, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    recorder = made(book.save)
    recorder.record(Call("1"))
    recorder.close()
    assert (caplog.messages, book.calls) == ([], [Call("1")])
