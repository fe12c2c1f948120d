"""Reads ``faults.md``: what becomes of a search, or of a patient, under each fault."""

from pathlib import Path

from tests.clinical.tables import Line, read

ALL = tuple(read(Path(__file__).parent / "faults.md"))
SEARCHES = tuple(line for line in ALL if "state" in line.cells)
ODDITIES = tuple(line for line in ALL if "view" in line.cells)
HANGING = tuple(line["fault"] for line in SEARCHES if "time allowed" in line["reason"])


def fault_of(line: object) -> str:
    """The name of a test: that of the fault."""
    return line["fault"] if isinstance(line, Line) else str(line)
