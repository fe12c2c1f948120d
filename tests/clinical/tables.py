"""Reads the tables of ``tables/*.md``: one patient a line, known facts on the left, the expected answer on the right.

A cell that is empty or "-" says nothing. Columns with facts (``orders``, ``counts``, ``labs``, ``conditions``,
``ordered``, ``gaps``, ``born``) are read by ``notation``; all others belong to the test that reads the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cds_service.clinical.record import Record

from . import notation

FACTS = ("orders", "counts", "labs", "conditions", "ordered", "gaps", "born")
FOLDER = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class Line:
    """One line of a table: ``place`` is file and line number, ``section`` the heading above."""

    place: str
    section: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str) -> str:
        """The cell, empty where the table has no such column."""
        return self.cells.get(column, "")

    @property
    def record(self) -> Record:
        """The patient of this line."""
        return notation.patient(**{column: cell for column, cell in self.cells.items() if column in FACTS})


def lines(name: str, section: str = "") -> list[Line]:
    """All lines of ``tables/<name>.md``, or of one of its sections."""
    found = [line for line in read(FOLDER / f"{name}.md") if section in ("", line.section)]
    assert found, f"no table in {name}.md {section}"
    return found


def name_of(line: object) -> str:
    """A readable test name: the place of a line and its first cell."""
    assert isinstance(line, Line)
    return f"{line.place} {next(iter(line.cells.values()))}"


def read(path: Path) -> Iterator[Line]:
    """All lines of the tables of one file."""
    section, columns = "", None
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text.startswith("#"):
            section = text.lstrip("# ").strip()
        if not text.startswith("|"):
            columns = None
            continue
        cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
        if columns is None:
            columns = cells
        elif not set("".join(cells)) <= set("-: "):
            assert len(cells) == len(columns), f"{path.name}:{number}: {len(cells)} cells under {len(columns)} columns"
            values = ("" if cell == "-" else cell for cell in cells)
            yield Line(f"{path.name}:{number}", section, dict(zip(columns, values, strict=True)))
