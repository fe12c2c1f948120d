"""What could not be read, by file and line number. Never what stood there."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

NAMED = 20
"""Faults named one by one; the others are counted."""


class Fault(NamedTuple):
    """``line`` is 0 for a whole file."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.reason}"


class Faults:
    """The faults of one reading of an export; ``patients`` are those whose line is known to be among them."""

    def __init__(self) -> None:
        self.named: list[Fault] = []
        self.by_reason: Counter[str] = Counter()
        self.patients: set[str] = set()
        self.of_anybody = False

    def add(self, file: Path, line: int, reason: str, patient: str = "") -> None:
        """``patient``: whose line it is; "" where that could be anybody's."""
        self.by_reason[reason] += 1
        if len(self.named) < NAMED:
            self.named.append(Fault(str(file), line, reason))
        if patient:
            self.patients.add(patient)
        else:
            self.of_anybody = True

    @property
    def count(self) -> int:
        return self.by_reason.total()

    def touches(self, patient: str) -> bool:
        """Whether something of this patient is, or may be, missing."""
        return self.of_anybody or patient in self.patients
