"""The reference request: about 170 KB of prefetch that leads to three cards.

100 Observations (13 neutrophil counts), 20 MedicationRequests, 5 Conditions and a Patient: a child with systemic JIA on
anakinra, ANC 0.96, falling platelets and raised ALT. Fictitious, and the same bytes in every run of one day.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

LOINC, RXNORM, UCUM = "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm", "http://unitsofmeasure.org"
PATIENT = "bench-1"
COUNTS = ("0.96", "4.4", "4.6", "5.1", "4.9", "6.2", "5.8", "7.1", "6.6", "8.0", "9.3", "11.4", "12.1")
LABS = (
    ("777-3", "Platelets [#/volume] in Blood by Automated count", "141", "10*3/uL"),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", "11.2", "g/dL"),
    ("1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "152", "U/L"),
    ("1920-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "38", "U/L"),
    ("1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", "14", "mg/L"),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "0.4", "mg/dL"),
)
OTHER_DRUGS = (("8640", "prednisone"), ("1998", "captopril"), ("5640", "ibuprofen"), ("161", "acetaminophen"))
HL7 = "http://terminology.hl7.org/CodeSystem"


def request(now: datetime, *, observations: int = 100, prefetch: bool = True, fhir: str = "") -> dict[str, Any]:
    """A patient-view request; without ``prefetch`` the service has to ask ``fhir``."""
    body: dict[str, Any] = {
        "hook": "patient-view",
        "hookInstance": "588af03f-879b-4321-a503-9af457dba9e4",
        "context": {"userId": "Practitioner/bench", "patientId": PATIENT},
    }
    if fhir:
        body["fhirServer"] = fhir
    if prefetch:
        body["prefetch"] = answers(now, observations=observations)
    return body


def body(now: datetime, **options: Any) -> bytes:
    return json.dumps(request(now, **options), separators=(",", ":")).encode()


def answers(now: datetime, *, observations: int = 100) -> dict[str, Any]:
    """What the FHIR server would answer, by prefetch key."""
    others = observations - len(COUNTS)
    return {
        "patient": {"resourceType": "Patient", "id": PATIENT, "birthDate": "2019-05-17", "gender": "female"},
        "medications": _bundle([_order(now, number) for number in range(20)]),
        "neutrophils": _bundle([_neutrophils(now, number) for number in range(len(COUNTS))]),
        "labs": _bundle([_lab(now, number) for number in range(max(0, others))]),
        "vitals": _bundle([]),
        "conditions": _bundle([_condition(number) for number in range(5)]),
    }


def _bundle(resources: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [
        {"fullUrl": f"https://ehr.example.org/fhir/{each['resourceType']}/{each['id']}", "resource": each}
        for each in resources
    ]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def _observation(
    resource_id: str, code: str, display: str, value: str, unit: str, when: datetime, high: int | None = None
) -> dict[str, Any]:
    quantity = {"unit": unit, "system": UCUM, "code": unit}
    limits: dict[str, Any] = {"low": {"value": 1.5, **quantity}, "type": {"text": "normal"}}
    if high is not None:
        limits["high"] = {"value": high, **quantity}
    return {
        "resourceType": "Observation",
        "id": resource_id,
        "meta": {
            "versionId": "1",
            "lastUpdated": when.isoformat(),
        },
        "identifier": [
            {"use": "official", "system": "urn:oid:1.2.840.114350.1.13.0.1.7.2.798268", "value": f"LIS-{resource_id}"},
        ],
        "basedOn": [{"reference": f"ServiceRequest/for-{resource_id}"}],
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "laboratory",
                        "display": "Laboratory",
                    }
                ],
                "text": "Laboratory",
            }
        ],
        "code": {"coding": [{"system": LOINC, "code": code, "display": display}], "text": display},
        "subject": {"reference": f"Patient/{PATIENT}"},
        "effectiveDateTime": when.isoformat(),
        "issued": (when + timedelta(hours=1)).isoformat(),
        "performer": [{"reference": "Organization/lab", "type": "Organization", "display": "Central laboratory"}],
        "valueQuantity": {"value": float(value), **quantity},
        "interpretation": [
            {"coding": [{"system": f"{HL7}/v3-ObservationInterpretation", "code": "N", "display": "Normal"}]}
        ],
        "specimen": {"reference": f"Specimen/{resource_id}"},
        "referenceRange": [limits],
    }


def _visit(now: datetime, number: int) -> datetime:
    """Blood is drawn every two weeks, and all results of one draw share its time."""
    return now - timedelta(days=2 + 14 * number)


def _neutrophils(now: datetime, number: int) -> dict[str, Any]:
    display = "Neutrophils [#/volume] in Blood by Automated count"
    return _observation(f"anc-{number}", "751-8", display, COUNTS[number], "10*3/uL", _visit(now, number))


def _lab(now: datetime, number: int) -> dict[str, Any]:
    code, display, value, unit = LABS[number % len(LABS)]
    when = _visit(now, number // len(LABS))
    return _observation(f"lab-{number}", code, display, value, unit, when, 40 if unit == "U/L" else None)


def _order(now: datetime, number: int) -> dict[str, Any]:
    code, name = ("72435", "anakinra") if number == 0 else OTHER_DRUGS[number % len(OTHER_DRUGS)]
    authored = now - timedelta(days=180 + number)
    return {
        "resourceType": "MedicationRequest",
        "id": f"order-{number}",
        "meta": {"versionId": "3", "lastUpdated": (authored + timedelta(days=30)).isoformat()},
        "identifier": [{"use": "usual", "system": "urn:oid:1.2.840.114350.1.13.0.1.7.2.798269", "value": str(number)}],
        "status": "active" if number == 0 else "completed",
        "intent": "order",
        "category": [
            {"coding": [{"system": f"{HL7}/medicationrequest-category", "code": "outpatient"}], "text": "Outpatient"}
        ],
        "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": code, "display": name}], "text": name},
        "subject": {"reference": f"Patient/{PATIENT}", "display": "Story, Bench"},
        "encounter": {"reference": f"Encounter/visit-{authored:%Y%m%d}"},
        "authoredOn": authored.isoformat(),
        "requester": {"reference": "Practitioner/bench", "type": "Practitioner", "display": "Prescriber"},
        "dosageInstruction": [
            {
                "text": "2 mg/kg once daily, subcutaneous",
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}, "code": {"text": "daily"}},
                "route": {"coding": [{"system": "http://snomed.info/sct", "code": "34206005"}], "text": "Subcutaneous"},
                "doseAndRate": [{"doseQuantity": {"value": 40, "unit": "mg", "system": UCUM, "code": "mg"}}],
            }
        ],
        "dispenseRequest": {
            "numberOfRepeatsAllowed": 3,
            "quantity": {"value": 28, "unit": "syringe"},
            "expectedSupplyDuration": {"value": 28, "unit": "days", "system": UCUM, "code": "d"},
        },
    }


def _condition(number: int) -> dict[str, Any]:
    codes = ("M08.20", "J45.909", "L20.9", "Z79.899", "K21.9")
    return {
        "resourceType": "Condition",
        "id": f"condition-{number}",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": codes[number]}]},
        "subject": {"reference": f"Patient/{PATIENT}"},
        "recordedDate": "2024-03-01",
    }


if __name__ == "__main__":
    print(len(body(datetime.now(UTC))), "bytes")
