"""Which test shows that a requirement on a service is kept, or the reason why none can: ``requirements.csv``."""

import csv
from pathlib import Path
from typing import NamedTuple

from cds_service.contract.requirements import Requirement, requirements

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("requirements.csv")
SETS = ("cds-hooks_2.0@", "cds-hooks-library_1.0.1@")
BINDING = frozenset({"SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT"})


class Row(NamedTuple):
    """One line of the table: ``tests`` as "file::function"; exactly one of ``tests`` and ``reason`` is there."""

    id: str
    verb: str
    tests: tuple[str, ...]
    reason: str


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(each["id"], each["verb"], tuple(each["test"].split()), each["reason"]) for each in csv.DictReader(file)
        ]


def on_a_service() -> dict[str, Requirement]:
    """Every SHALL and SHOULD that binds a service, of the specification and its hook library."""
    return {
        each.id: each
        for each in requirements().values()
        if each.id.startswith(SETS) and each.binds_service and each.verb in BINDING
    }
