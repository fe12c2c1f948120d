"""The FHIR R4 resources a suggestion creates: drafts, complete, never active, without an id (the EHR gives it).

``status`` draft with ``intent`` order is what an EHR keeps among unsigned orders, and what clients themselves send in
``draftOrders``; a clinician still has to sign it. https://hl7.org/fhir/R4/servicerequest.html
Every concept has text and coding: the public CDS Hooks sandbox applies a medication only with both.
"""

import re
from typing import Any

from cds_service.advice.doses import half_previous_dose, previous_anakinra_order, tocilizumab_dose
from cds_service.advice.occasion import Occasion
from cds_service.codes.labs import Order
from cds_service.codes.systems import RXNORM, SNOMED

Resource = dict[str, Any]

AUTHOR = "Proposed by decision support (anakinra-cds)"
_REFERENCE = re.compile(r"[A-Za-z]+/[^\s/]+")
_ANAKINRA, _TOCILIZUMAB = "72435", "612865"
# https://hl7.org/fhir/us/core/ValueSet-us-core-servicerequest-category.html
_LABORATORY = {
    "coding": [{"system": SNOMED, "code": "108252007", "display": "Laboratory procedure"}],
    "text": "Laboratory procedure",
}


def lab_order(order: Order, occasion: Occasion, timing: Resource, note: str = "") -> Resource:
    """A draft ServiceRequest for one test or panel, with its ``occurrenceTiming``."""
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "order",
        "category": [_LABORATORY],
        "code": {
            "coding": [{"system": order.system, "code": order.code.value, "display": order.display}],
            "text": order.display,
        },
        "subject": _subject(occasion),
        "occurrenceTiming": timing,
        "authoredOn": occasion.now_iso,
        "note": [annotation(note or "For a clinician to review and sign.", occasion)],
    }


def tocilizumab_draft(occasion: Occasion) -> Resource:
    """A draft order of tocilizumab; a dose only where the label gives one for this patient."""
    note = "Not recommended over other options: sources differ. Once signed, stop the held anakinra order."
    return _medication_draft("tocilizumab", _TOCILIZUMAB, tocilizumab_dose(occasion), note, occasion)


def rechallenge_draft(occasion: Occasion) -> Resource:
    """A draft order of anakinra without a dose, which names the held order as its prior prescription."""
    half = half_previous_dose(occasion.picture)
    note = "Dose: specialist decision; S2 (AI-written web answer) proposes 50 % of the previous dose"
    note += f" ({half})." if half else "."
    draft = _medication_draft("anakinra", _ANAKINRA, "Dose: specialist decision.", note, occasion)
    held = previous_anakinra_order(occasion.picture)
    if held is not None and is_reference(held.source):
        draft["priorPrescription"] = {"reference": held.source}
    return draft


def _medication_draft(name: str, rxnorm: str, dose: str, note: str, occasion: Occasion) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": RXNORM, "code": rxnorm, "display": name}],
            "text": name,
        },
        "subject": _subject(occasion),
        "authoredOn": occasion.now_iso,
        "dosageInstruction": [{"text": dose}],
        "note": [annotation(note, occasion)],
    }


def annotation(text: str, occasion: Occasion) -> Resource:
    """A note with its time and author."""
    return {"authorString": AUTHOR, "time": occasion.now_iso, "text": text}


def is_reference(source: str) -> bool:
    """Whether a source is "Type/id", so that it can be named in a resource or deleted; a ``urn:`` cannot."""
    return _REFERENCE.fullmatch(source) is not None


def _subject(occasion: Occasion) -> Resource:
    return {"reference": f"Patient/{occasion.picture.record.patient_id}"}
