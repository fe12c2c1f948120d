"""The neutrophil timeline of one patient, drawn and as rows."""

from typing import Any, Literal

import msgspec
from flask import render_template

from cds_service.timeline.look import Look
from cds_service.timeline.palette import DARK, style_sheet
from cds_service.timeline.patient import timeline_of
from cds_service.timeline.table import HEADINGS
from cds_service.web.workbench.here import Here
from cds_service.web.workbench.places import fhir_place

SCALES = ("log", "linear")


class Asked(msgspec.Struct):
    fhir: str
    patient: str
    token: str = ""
    scale: Literal["log", "linear"] = "log"


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    """The drawing and the same facts as a table, as HTML; one plain line where the record cannot be read."""
    place = fhir_place(asked.fhir, asked.token)
    look = Look(axis=asked.scale, heading=False)
    svg, rows = timeline_of(here.site, place.base, asked.patient, token=asked.token, look=look)
    return {
        "html": render_template(
            "workbench/timeline.html", svg=svg, columns=HEADINGS, rows=rows, scale=asked.scale, scales=SCALES
        )
    }


def colours() -> str:
    """The drawing's colours for readers whose system is dark, as CSS; the light ones stand in the drawing."""
    return f"@media (prefers-color-scheme: dark) {{\n{style_sheet(DARK)}\n}}\n"
