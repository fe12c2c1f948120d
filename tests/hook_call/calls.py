"""Hook calls in few words: a patient's chart, the orders of a session, and what came back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask.testing import FlaskClient

Json = dict[str, Any]
SERVICES = {
    "patient-view": "anakinra-neutropenia-view",
    "order-select": "anakinra-neutropenia-select",
    "order-sign": "anakinra-neutropenia-sign",
}
ORDER_HOOKS = ("order-select", "order-sign")
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CODES = {
    "anakinra": "72435",
    "tocilizumab": "612865",
    "etanercept": "214555",
    "canakinumab": "853491",
    "methotrexate": "6851",
    "aspirin": "1191",
}
PATIENT = "neutropenic-1"


class Answer(NamedTuple):
    """The status, the row of each card, the trace, and the body."""

    status: int
    rows: list[str]
    trace: Json
    body: Json

    @property
    def diagnostics(self) -> str:
        return " ".join(issue["diagnostics"] for issue in self.body.get("issue", ()))


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


def bundle(*resources: Json, **members: Any) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": each} for each in resources],
        **members,
    }


def order(drug: str = "anakinra", id_: str = "order-1", status: str = "active", patient: str = PATIENT) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": id_,
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": CODES[drug]}], "text": drug},
        "subject": {"reference": f"Patient/{patient}"},
        "authoredOn": ago(days=60),
    }


def count(value: float, id_: str = "anc-1", patient: str = PATIENT, unit: str = "10*9/L", days: float = 1) -> Json:
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "751-8"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": ago(days=days),
        "valueQuantity": {"value": value, "unit": unit},
    }


OUTCOME: Json = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
LOW, NORMAL = bundle(count(0.4)), bundle(count(4.2), count(4.4, "anc-2", days=20))


def chart(**changes: Any) -> Json:
    """Prefetch of a patient on anakinra with a normal count; a change to ``...`` leaves the key out."""
    prefetch: Json = {
        "patient": {"resourceType": "Patient", "id": PATIENT, "birthDate": "1990-04-01"},
        "medications": bundle(order()),
        "neutrophils": NORMAL,
        "labs": None,
        "vitals": None,
        "conditions": None,
    }
    return {key: value for key, value in (prefetch | changes).items() if value is not ...}


def call(
    client: FlaskClient, hook: str, prefetch: Json | None, *drafts: Json, fhir: str = "", **context: Any
) -> Answer:
    """Fire the hook; ``drafts`` are the session's orders, all selected unless ``selections`` says otherwise."""
    held: Json = {"userId": "Practitioner/p1", "patientId": PATIENT}
    if hook != "patient-view":
        held["draftOrders"] = {"resourceType": "Bundle", "entry": [{"resource": each} for each in drafts]}
    if hook == "order-select":
        held["selections"] = [f"{each['resourceType']}/{each['id']}" for each in drafts]
    body: Json = {"hook": hook, "hookInstance": "6f0c7a3e-2d5b-4b0e-9d59-0a8c5f1c7e11", "context": held | context}
    if prefetch is not None:
        body["prefetch"] = prefetch
    if fhir:
        body["fhirServer"] = fhir
    response = client.post(f"/cds-services/{SERVICES[hook]}", data=json.dumps(body))
    answered: Json = response.get_json()
    rows = [card["extension"]["org.anakinra-cds"]["row"] for card in answered.get("cards", ())]
    return Answer(response.status_code, rows, answered.get("extension", {}).get("org.anakinra-cds", {}), answered)
