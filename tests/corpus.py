"""The corpus of payloads in ``fhir_fixtures/payloads``: each file with what a validator should say of it."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cds_service.data_files import stories_folder

CORPUS = stories_folder() / "payloads"
FOLDERS = ("valid", "tricky", "invalid")
SANDBOX = tuple(sorted((CORPUS / "tricky").glob("sandbox-*.json")))
"""Requests captured from the public CDS Hooks sandbox."""


class Expected(NamedTuple):
    """One finding that is expected; ``line`` counts from 1."""

    severity: str
    line: int
    pointer: str
    requirement: str


class Payload(NamedTuple):
    """One row of a folder's ``expected.toml``; the README beside the folders explains the columns."""

    file: Path
    kind: str
    shows: str
    findings: tuple[Expected, ...] = ()
    profile: str = "2.0"
    request: Path | None = None
    unreadable: bool = False

    @property
    def name(self) -> str:
        return f"{self.file.parent.name}/{self.file.stem}"


def payloads() -> Iterator[Payload]:
    """Every payload, in the order of the tables."""
    for folder in FOLDERS:
        for name, row in tomllib.loads((CORPUS / folder / "expected.toml").read_text("utf-8")).items():
            yield _payload(CORPUS / folder / name, row)


def sandbox_request(name: str) -> dict[str, Any]:
    """A request as the public sandbox sent it: patient-view, order-select-drug or order-select-no-medication."""
    request: dict[str, Any] = json.loads((CORPUS / "tricky" / f"sandbox-{name}.json").read_bytes())
    return request


def _payload(file: Path, row: dict[str, Any]) -> Payload:
    findings = tuple(Expected(**each) for each in row.pop("findings", ()))
    request = CORPUS / row.pop("request") if "request" in row else None
    return Payload(file=file, findings=findings, request=request, **row)
