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


def lab(code: str, value: float, unit: str, id_: str, high: float | None = None) -> Json:
    """Another result of yesterday, by its LOINC code, with the upper limit of its report."""
    limits = {"referenceRange": [{"high": {"value": high, "unit": unit}}]} if high else {}
    return count(value, id_, unit=unit) | {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}} | limits


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


QUIET_LABS = (
    lab("777-3", 200, "10*9/L", "plt-1"),
    lab("2276-4", 80, "ug/L", "ferritin-1"),
    lab("1742-6", 20, "U/L", "alt-1", high=40),
    lab("33914-3", 90, "mL/min/{1.73_m2}", "egfr-1"),
)
QUIET = chart(
    labs=bundle(*QUIET_LABS),
    vitals=bundle(lab("29463-7", 60, "kg", "weight-1"), lab("8310-5", 37, "Cel", "temperature-1")),
    conditions=bundle(
        {
            "resourceType": "Condition",
            "id": "sjia-1",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M08.20"}]},
            "subject": {"reference": f"Patient/{PATIENT}"},
        }
    ),
)
"""On anakinra, with a normal count and all that the other rules look at: each of them is CLEAR."""


def not_evaluated(answer: Answer) -> set[str]:
    return {each["rule"] for each in answer.trace["rules"] if each["answer"] == "NOT EVALUATED"}


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
