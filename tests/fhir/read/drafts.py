"""Short ways to write draft orders in tests, beside ``sheet``."""

import json
from typing import Any

from cds_service.clinical.record import Draft
from cds_service.fhir.read import read_drafts
from tests.fhir.read.sheet import Json, request, rxnorm

MEDICATION: Json = {"resourceType": "Medication", "id": "m", "code": rxnorm("612865", "tocilizumab")}


def draft(resource: Any, selections: list[str] | None = None, **entry: Any) -> Draft:
    page = {"resourceType": "Bundle", "entry": [{"resource": resource} | entry]}
    (only,) = read_drafts(json.dumps(page).encode(), selections, "p1")
    return only


def drafted(**changes: Any) -> Draft:
    return draft(request(status="draft", **changes))


BY_REFERENCE = request(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"})
