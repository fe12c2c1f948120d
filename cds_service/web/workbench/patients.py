"""The patients of a FHIR server, as a list to choose from; a story's patient with the story's title."""

from functools import cache
from typing import Any

import msgspec
from flask import render_template

from cds_service import stories
from cds_service.ehr.patients import find_patients
from cds_service.web.workbench.here import Here
from cds_service.web.workbench.places import fhir_place


class Asked(msgspec.Struct):
    fhir: str
    token: str = ""
    search: str = ""


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    """The list as HTML, and how many it holds."""
    found = find_patients(fhir_place(asked.fhir, asked.token), asked.search)
    shown = sorted(({"who": each, "story": titles().get(each.id)} for each in found.people), key=_order)
    html = render_template("workbench/patients.html", people=shown, more=found.more, search=asked.search)
    return {"html": html, "count": len(shown)}


@cache
def titles() -> dict[str, tuple[str, str]]:
    """The name and the title of each story, by its patient's id."""
    return {each.patient_id: (each.name, stories.title(each.name)) for each in stories.read_all()}


def _order(shown: dict[str, Any]) -> tuple[bool, str]:
    story, who = shown["story"], shown["who"]
    return (story is None, story[0] if story else who.name.casefold())
