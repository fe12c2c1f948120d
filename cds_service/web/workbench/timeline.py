"""The neutrophil timeline of one patient, drawn and as rows."""

from typing import Any, Literal

import msgspec

from cds_service.web.workbench.here import Here


class Asked(msgspec.Struct):
    fhir: str
    patient: str
    token: str = ""
    scale: Literal["log", "linear"] = "log"


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    return {"html": "<p>soon</p>"}
