"""Every code the service knows, in one list: for the evidence register and for what is published."""

from collections.abc import Iterator
from typing import NamedTuple

from cds_service.codes import conditions, drug_table, labs, routes
from cds_service.codes.systems import LABELS, SNOMED, Code

SPECIFICATION = "SPEC"
"""The source of all code lists, as ``cards/sources.toml`` names it."""


class Coded(NamedTuple):
    """One code: what it stands for, in which list, whether it was checked, and the file it stands in.

    ``uri`` is the system's. ``never`` is a code that is often taken for it and never accepted. ``below`` stands for
    everything under it too.
    """

    about: str
    group: str
    uri: str
    code: str
    verified: bool
    place: str
    never: bool = False
    below: bool = False

    @property
    def system(self) -> str:
        """The system's usual name: "RxNorm"."""
        return LABELS[self.uri]


def coded() -> Iterator[Coded]:
    """All codes, list by list."""
    yield from _drugs()
    yield from _labs()
    yield from _conditions()
    for route, about in routes.LOCAL_ROUTES.items():
        yield Coded(about, "local-route", SNOMED, route, True, "cds_service/codes/routes.py")


def _of(code: Code, about: str, group: str, place: str) -> Coded:
    return Coded(about, group, code.system, code.value, code.verified, place)


def _drugs() -> Iterator[Coded]:
    place = "cds_service/codes/drug_table.py"
    for drug in drug_table.ROWS:
        group = next(iter(drug.groups), "other")
        yield from (_of(code, drug.name, group, place) for code in drug.codes)
        yield from (_of(code, drug.name, group, place)._replace(below=True) for code in drug.atc_classes)


def _labs() -> Iterator[Coded]:
    place = "cds_service/codes/labs.py"
    for analyte in labs.ROWS:
        yield from (_of(code, analyte.words, analyte.name, place) for code in analyte.codes)
        yield from (_of(code, analyte.words, analyte.name, place)._replace(never=True) for code in analyte.never)
    for order in (labs.CBC_WITH_DIFFERENTIAL, labs.HEPATIC_PANEL):
        yield _of(order.code, order.display, "order", place)


def _conditions() -> Iterator[Coded]:
    place = "cds_service/codes/conditions.py"
    for row in conditions.ROWS:
        yield from (_of(code, row.kind, row.kind, place) for code in row.codes)
        yield from (_of(code, row.kind, row.kind, place)._replace(below=True) for code in row.classes)
