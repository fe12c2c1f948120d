"""A FHIR client for HAPI as the tests need it, and the resources they send."""

from datetime import UTC, datetime, timedelta
from typing import Any

import requests

Resource = dict[str, Any]
LOINC, RXNORM = "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm"
FHIR_JSON = {"Accept": "application/fhir+json", "Content-Type": "application/fhir+json"}


class Hapi:
    """The server under test: what a FHIR client sends, and what comes back."""

    def __init__(self, base: str) -> None:
        self.base = base

    def get(self, path: str, **headers: str) -> requests.Response:
        url = path if path.startswith("http") else f"{self.base}/{path}"
        return requests.get(url, headers=FHIR_JSON | headers, timeout=30)

    def search(self, kind: str, asked: dict[str, str]) -> requests.Response:
        """A search by POST, as the public sandbox makes it."""
        return requests.post(f"{self.base}/{kind}/_search", asked, headers={"Accept": FHIR_JSON["Accept"]}, timeout=30)

    def send(self, method: str, path: str, resource: Resource | None = None) -> requests.Response:
        return requests.request(method, f"{self.base}/{path}", json=resource, headers=FHIR_JSON, timeout=30)

    def create(self, resource: Resource) -> str:
        """Stores a resource under an id of the server's choice; gives the id."""
        answer = self.send("POST", resource["resourceType"], resource)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


def ago(**much: float) -> str:
    return (datetime.now(UTC) - timedelta(**much)).isoformat(timespec="seconds")


def count(patient: str, value: float, when: str) -> Resource:
    """Neutrophils in 10*9/L."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "751-8"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": when,
        "valueQuantity": {"value": value, "unit": "10*9/L", "system": "http://unitsofmeasure.org", "code": "10*9/L"},
    }


def anakinra(patient: str) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "anakinra", "coding": [{"system": RXNORM, "code": "72435"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "authoredOn": ago(days=30),
    }


def values(bundle: requests.Response) -> list[float]:
    return [each["resource"]["valueQuantity"]["value"] for each in bundle.json().get("entry", [])]


def link(bundle: requests.Response, relation: str) -> str:
    return next((each["url"] for each in bundle.json()["link"] if each["relation"] == relation), "")


def codes(answer: Resource) -> list[str]:
    assert answer["status"] == 200, answer
    return [each["source"]["topic"]["code"] for each in answer["cards"]]


def said(answer: requests.Response) -> str:
    return str(answer.json()["issue"][0]["diagnostics"])
