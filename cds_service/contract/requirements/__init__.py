"""Every requirement a finding or a check can name: its id, its verb, whom it binds, where it stands.

The rows of ``cds-hooks-2.0.csv`` and ``hooks-library-1.0.1.csv`` were extracted from the specifications (CC-BY 4.0)
by the Inferno CRD test kit (Apache-2.0), whose ids are used here: ``SET@ID``. ``house.csv`` holds what interoperability
taught beyond the text. A requirement of FHIR itself needs no row: ``fhir_r4@MedicationRequest.status`` says it all.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

FHIR = "fhir_r4@"


class Requirement(NamedTuple):
    """One row: ``verb`` is SHALL, SHALL NOT, SHOULD, SHOULD NOT, MAY or DEPRECATED; ``actor`` Client or Service."""

    id: str
    verb: str
    actor: str
    url: str
    text: str

    @property
    def binds_service(self) -> bool:
        return "Service" in self.actor


@cache
def requirements() -> Mapping[str, Requirement]:
    """Every requirement by id, in the order of the files."""
    found: dict[str, Requirement] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".csv"):
            for row in csv.DictReader(file.read_text("utf-8").splitlines()):
                found[row["id"]] = Requirement(**row)
    return MappingProxyType(found)


def requirement(identifier: str) -> Requirement:
    """The requirement of that id; KeyError for an id nobody wrote down."""
    if identifier.startswith(FHIR):
        element = identifier.removeprefix(FHIR)
        page = element.partition(".")[0].lower()
        url = f"https://hl7.org/fhir/R4/{page}-definitions.html#{element.replace('[x]', '_x_')}"
        return Requirement(identifier, "SHALL", "Client and Service", url, f"{element} as FHIR R4 defines it.")
    return requirements()[identifier]
