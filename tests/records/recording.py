"""What the recorder's tests record, and where: calls, a book of them, a database that fails."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from cds_service.errors import DatabaseUnusable
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


def broken(*_: object) -> None:
    raise UNUSABLE
