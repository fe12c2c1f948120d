"""The short notation of the tables, read into facts. Items are separated by ";", details stand in round brackets.

Orders and drafts: see ``order_notation``.

- results: ``0.96 @ day -2`` is a neutrophil count; ``temp 38.4 @ 3 h ago``; ``AST 90 @ day -1 (ULN 40)``;
  ``<0.5 @ day -1``; ``pending 0.4 @ now``; ``manual 0.9 @ now (specimen A, issued day -1)``;
  ``unreadable @ day -1``; ``unreadable undated (issued day -1)``
- conditions: ``sjia``; ``fever (recorded 20 h ago, onset day -9)``; ``hlh (inactive)``
- gaps: ``neutrophils partial``; ``medications unavailable``; ``labs foreign``
"""

import re
from datetime import date
from decimal import Decimal

from cds_service.clinical.record import (
    Completeness,
    Condition,
    Extent,
    Record,
    Result,
)

from .moments import PATTERN, when
from .order_notation import drafts, orders
from .words import items, matched, notes_of

_ANALYTES = {
    "segmented": "neutrophils-segmented",
    "bands": "neutrophils-band",
    "percent": "neutrophils-percent",
    "WBC": "wbc",
    "Hb": "hemoglobin",
    "TG": "triglycerides",
    "temp": "temperature",
    "ANC": "anc",
}
_RESULT = re.compile(
    rf"(?P<flag>pending |manual |unreadable ?)?(?:(?P<analyte>[A-Za-z]+) )?(?P<comparator>[<>]=?)?(?P<value>[\d.]+)? ?"
    rf"(?:@ (?P<when>{PATTERN})|(?P<undated>undated))(?: \((?P<notes>.*)\))?"
)
_CONDITION = re.compile(r"(?P<kind>[A-Za-z-]+)(?: \((?P<notes>.*)\))?")


def results(cell: str, first: int = 1) -> tuple[Result, ...]:
    """The results of a cell; sources are numbered from ``first``."""
    return tuple(_result(item, number) for number, item in enumerate(items(cell), first))


def _result(item: str, number: int) -> Result:
    found = matched(_RESULT, item)
    notes = notes_of(found["notes"])
    flag = (found["flag"] or "").strip()
    analyte = found["analyte"] or "ANC"
    limit = notes.get("ULN")
    return Result(
        analyte=_ANALYTES.get(analyte, analyte.lower()),
        source=f"Observation/{number}",
        value=Decimal(found["value"]) if found["value"] else None,
        comparator=found["comparator"] or "",
        when=when(found["when"]) if found["when"] else None,
        issued=when(notes["issued"]).at if "issued" in notes else None,
        last_updated=when(notes["written"]).at if "written" in notes else None,
        specimen=notes.get("specimen", ""),
        manual=flag == "manual",
        pending=flag == "pending",
        unusable="the unit is not in the table" if flag == "unreadable" else "",
        upper_limit=Decimal(limit) if limit else None,
    )


def conditions(cell: str) -> tuple[Condition, ...]:
    return tuple(_condition(item, number) for number, item in enumerate(items(cell), 1))


def _condition(item: str, number: int) -> Condition:
    found = matched(_CONDITION, item)
    notes = notes_of(found["notes"])
    return Condition(
        kinds=frozenset({found["kind"].lower()}),
        source=f"Condition/{number}",
        active="inactive" not in notes,
        onset=when(notes["onset"]) if "onset" in notes else None,
        recorded=when(notes["recorded"]) if "recorded" in notes else None,
    )


def gaps(cell: str) -> dict[str, Completeness]:
    found = {}
    for item in items(cell):
        key, how = item.split()
        assert how in ("partial", "unavailable", "foreign"), item
        found[key] = Completeness(foreign=1) if how == "foreign" else Completeness(Extent(how), "it timed out")
    return found


def born(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def patient(**cells: str) -> Record:
    """A record outside a table, in the same notation."""
    medications = orders(cells.get("orders", ""))
    return Record(
        patient_id="test-patient",
        birth_date=born(cells.get("born", "")),
        results=results(cells.get("counts", "")) + results(cells.get("labs", ""), first=101),
        medications=medications,
        drafts=drafts(cells.get("ordered", ""), medications),
        conditions=conditions(cells.get("conditions", "")),
        completeness=gaps(cells.get("gaps", "")),
    )
