"""Putting an order on hold: the whole original resource with only its status, and what belongs to that, changed.

``status``, ``statusReason`` and ``note``; where the order says when its status changed, that too.

An update replaces the resource, so whatever an EHR wrote must come back as it was, numbers with their digits
(1.10 stays 1.10: https://hl7.org/fhir/R4/datatypes.html#decimal).
"""

from decimal import Decimal

import msgspec

from cds_service.advice.occasion import Occasion
from cds_service.advice.resources import Resource, annotation
from cds_service.clinical.record import Medication
from cds_service.codes.systems import SNOMED, STATUS_CHANGED

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
NEUTROPENIA: Resource = {
    "coding": [{"system": SNOMED, "code": "165517008", "display": "Neutropenia"}],
    "text": "Neutropenia",
}


def put_on_hold(order: Medication, occasion: Occasion) -> Resource | None:
    """The order as it would be after the hold; None where its original is not at hand, or no MedicationRequest."""
    try:
        resource = _DECODER.decode(order.original)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(resource, dict) or resource.get("resourceType") != "MedicationRequest" or not resource.get("id"):
        return None
    notes = resource.get("note")
    said = "Hold proposed for a low neutrophil count; repeat counts until recovery."
    resource["status"] = "on-hold"
    resource["statusReason"] = NEUTROPENIA
    _redate_status(resource, occasion)
    resource["note"] = [*(notes if isinstance(notes, list) else ()), annotation(said, occasion)]
    return resource


def _redate_status(resource: Resource, occasion: Occasion) -> None:
    """The date of the status is that of the hold: the old one would date the hold back to the order's last change."""
    extensions = resource.get("extension")
    for each in extensions if isinstance(extensions, list) else ():
        if isinstance(each, dict) and each.get("url") == STATUS_CHANGED:
            each["valueDateTime"] = occasion.now_iso
