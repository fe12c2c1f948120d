"""Exports for the tests: resources as the files that a Bulk Data server writes, in any layout, and their reading."""

import gzip
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cds_service.hooks.services import SERVICES
from cds_service.retrospective.files import find
from cds_service.retrospective.scan import Export, read

Json = dict[str, Any]
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
CODES = {
    "anakinra": "72435",
    "tocilizumab": "612865",
    "etanercept": "214555",
    "methotrexate": "6851",
    "aspirin": "1191",
}
SERVICE = {each.hook: each for each in SERVICES.values()}
VIEW = "patient-view"
NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)


def patient(id_: str = "p1", **more: Any) -> Json:
    return {"resourceType": "Patient", "id": id_, "birthDate": "1980-05-17", **more}


def order(drug: str = "anakinra", id_: str = "order-1", whose: str = "p1", **more: Any) -> Json:
    concept = {"coding": [{"system": RXNORM, "code": CODES[drug]}], "text": drug}
    given: Json = {
        "resourceType": "MedicationRequest",
        "id": id_,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": concept,
        "subject": {"reference": f"Patient/{whose}"},
        "authoredOn": "2026-11-01T08:00:00Z",
    } | more
    return {name: value for name, value in given.items() if value is not None}


def count(value: float, taken: str, id_: str = "anc-1", whose: str = "p1", **more: Any) -> Json:
    """A neutrophil count in 10*9/L; a later member that is None is left out."""
    given: Json = {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "751-8"}]},
        "subject": {"reference": f"Patient/{whose}"},
        "effectiveDateTime": taken,
        "valueQuantity": {"value": value, "unit": "10*9/L", "code": "10*9/L"},
    } | more
    return {name: each for name, each in given.items() if each is not None}


def condition(id_: str = "c1", whose: str = "p1", **more: Any) -> Json:
    return {
        "resourceType": "Condition",
        "id": id_,
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M06.1"}]},
        "subject": {"reference": f"Patient/{whose}"},
        "recordedDate": "2020-03-01",
        **more,
    }


def by_type(folder: Path, resources: Iterable[Json], *, packed: bool = False) -> Path:
    """A file for each type."""
    folder.mkdir(exist_ok=True)
    lines: dict[str, list[str]] = {}
    for each in resources:
        lines.setdefault(each["resourceType"], []).append(json.dumps(each))
    for kind, of_one in lines.items():
        text = "".join(f"{line}\n" for line in of_one).encode()
        name = f"{kind}.ndjson.gz" if packed else f"{kind}.ndjson"
        (folder / name).write_bytes(gzip.compress(text) if packed else text)
    return folder


def in_one_file(folder: Path, *lines: Json | bytes, name: str = "all.ndjson") -> Path:
    """All lines in one file, resources or whatever else."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(
        b"\n".join(each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines)
    )
    return folder


def read_from(folder: Path, hook: str = VIEW) -> Export:
    return read(find([folder]).read, SERVICE[hook], UTC)


def faults_of(export: Export) -> list[str]:
    """Without the folder."""
    return [str(each._replace(file=Path(each.file).name)) for each in export.faults.named]
