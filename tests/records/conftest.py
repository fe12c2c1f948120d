"""Recorders that wait for nothing, and a book they write in."""

from collections.abc import Callable, Iterator

import pytest

from cds_service.records import recorder as module
from cds_service.records.recorder import Recorder
from tests.records.recording import Book, Call, Made


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
