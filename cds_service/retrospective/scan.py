"""An export is read: first the orders, to know whom the rules speak of, then every line, to keep theirs.

What is held in memory are the lines of those patients and the names of the Medications, not the export. Bulk Data
has one type a file; a file that turns out to hold several is read again for the types that were not expected in it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from cds_service.clinical.scene import Hook
from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.hooks.services import Service
from cds_service.retrospective.concern import Formulary
from cds_service.retrospective.dossier import MEDICATION, ORDER, Dossier, Searches
from cds_service.retrospective.faults import Faults
from cds_service.retrospective.files import types_in_name
from cds_service.retrospective.heads import HEAD, ORDER_HEAD, patient_of, readable_heads
from cds_service.retrospective.known import dates_of
from cds_service.retrospective.lines import blocks, lines_of
from cds_service.retrospective.reading import Reading

Places = dict[str, set[Path]]
_NOTHING = "nothing"


@dataclass
class Export:
    """What was read. ``lines``: of each type; ``types``: those it holds, or has a file for."""

    dossiers: dict[str, Dossier]
    searches: Searches
    lines: Counter[str] = field(default_factory=Counter)
    types: frozenset[str] = frozenset()
    faults: Faults = field(default_factory=Faults)


def read(
    files: Iterable[Path], service: Service, zone: tzinfo, watch: Callable[[str], object] = lambda _: None
) -> Export:
    """The export in ``files``, as far as it concerns this service; ``watch`` is told what is done now.

    Raises NoExport for a file that cannot be read.
    """
    files = tuple(files)
    places = _expected(files)
    while True:
        watch("Reading the orders")
        formulary, patients = _concerned(places, Hook(service.hook))
        reading = Reading(patients, Searches(service), formulary, dates_of(zone))
        for file in files:
            watch(f"Reading {file.name}")
            reading.read(file)
        if all(reading.met[kind] <= found for kind, found in places.items()):
            break
        places = {kind: found | reading.met[kind] for kind, found in places.items()}
    reading.read_medications()
    types = frozenset(reading.lines) | {word for file in files for word in types_in_name(file)}
    return Export(reading.dossiers, reading.searches, reading.lines, types, reading.faults)


def _expected(files: Iterable[Path]) -> Places:
    """The files that hold orders and Medications, by the first line of each."""
    first = {file: _first_type(file) for file in files}
    return {kind: {file for file, held in first.items() if held in (kind, "")} for kind in (ORDER, MEDICATION)}


def _first_type(file: Path) -> str:
    """The type of the first line; "" if it cannot be read."""
    for line in lines_of([file]):
        try:
            return HEAD.decode(line).resource_type or ""
        except UNREADABLE:
            return ""
    return _NOTHING


def _concerned(places: Places, hook: Hook) -> tuple[Formulary, dict[str, None]]:
    """The Medications, and the patients that have an order which concerns us. What cannot be read is told later."""
    formulary = Formulary(hook)
    for line in lines_of(sorted(places[MEDICATION])):
        formulary.add(line)
    patients: dict[str, None] = {}
    for file in sorted(places[ORDER]):
        for block in blocks(file, Faults()):
            for place, head in readable_heads(block, ORDER_HEAD):
                if (
                    head.resource_type == ORDER
                    and formulary.may_concern(head)
                    and (patient := patient_of(head.subject))
                    and formulary.concerns(block.line(place))
                ):
                    patients[patient] = None
    return formulary, patients
