"""The requirement matrix: each SHALL and SHOULD that binds a service, with the tests of ours that cover it.

``requirements.csv`` beside this file holds either the tests or the reason why there is none.
"""

import csv
from pathlib import Path
from typing import NamedTuple

from cds_service.contract.requirements import Requirement, requirements

MATRIX = Path(__file__).parent / "requirements.csv"
ROOT = Path(__file__).parents[2]
SETS = ("cds-hooks_2.0", "cds-hooks-library_1.0.1")
VERBS = ("SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT")


class Row(NamedTuple):
    """``tests`` are ``FILE::FUNCTION``, with the file's path from the repository's root."""

    id: str
    verb: str
    tests: tuple[str, ...]
    reason: str


def rows() -> list[Row]:
    """The rows of the matrix, in the order of the file."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return [Row(row["id"], row["verb"], tuple(row["test"].split()), row["reason"]) for row in csv.DictReader(file)]


def binding() -> dict[str, Requirement]:
    """What a CDS service has to keep, and should keep, by id."""
    return {
        each.id: each
        for each in requirements().values()
        if each.binds_service and each.verb in VERBS and each.id.partition("@")[0] in SETS
    }
