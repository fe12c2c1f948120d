"""Small good payloads to break, and what the validator says of them in short."""

import json
from typing import Any

from cds_service.validate import validate

UUID = "4e0a3a1e-3283-4575-ab82-028d55fe27{:02}"
ORDER: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "id": "m1",
    "status": "draft",
    "intent": "order",
    "medicationCodeableConcept": {"text": "anakinra"},
    "subject": {"reference": "Patient/p1"},
}
ACTION: dict[str, Any] = {"type": "create", "description": "Order it", "resource": ORDER}
DELETE = {"type": "delete", "description": "Remove it"}
CARD: dict[str, Any] = {
    "uuid": UUID.format(1),
    "summary": "Neutrophils are low: consider holding anakinra",
    "indicator": "warning",
    "source": {
        "label": "Label",
        "url": "https://example.org/label",
        "topic": {"system": "urn:x", "code": "hold", "display": "Hold"},
    },
}
OFFER: dict[str, Any] = {"label": "Hold", "uuid": UUID.format(2), "actions": [ACTION]}
OFFERING = CARD | {"selectionBehavior": "at-most-one", "suggestions": [OFFER]}
CONTEXT: dict[str, Any] = {
    "userId": "Practitioner/7",
    "patientId": "p1",
    "selections": ["MedicationRequest/m1"],
    "draftOrders": {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": ORDER}],
    },
}
REQUEST: dict[str, Any] = {
    "hook": "order-select",
    "hookInstance": UUID.format(3),
    "fhirServer": "https://ehr.example.org/fhir",
    "context": CONTEXT,
}
SERVICE = {"hook": "patient-view", "id": "a", "title": "A", "description": "Advises."}
FEEDBACK = {
    "card": UUID.format(1),
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": UUID.format(2)}],
    "outcomeTimestamp": "2026-01-02T03:04:05Z",
}
AUTHORIZATION = {
    "access_token": "abc",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "patient/Observation.read",
    "subject": "cds",
    "patient": "p1",
}

# Where things are in a response.
CARD_0, SUGGESTION = "/cards/0", "/cards/0/suggestions/0"
ACTION_0 = f"{SUGGESTION}/actions/0"
RESOURCE = f"{ACTION_0}/resource"

Found = tuple[str, str, str]


def found(payload: Any, kind: str = "auto", **more: Any) -> list[Found]:
    """Severity, pointer and requirement of each finding."""
    if "request" in more:
        more["request"] = json.dumps(more["request"]).encode()
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return [(each.severity.value, each.pointer, each.requirement) for each in validate(body, kind, **more).findings]


def card(**members: Any) -> dict[str, Any]:
    """A response with one good card, but for ``members``."""
    return {"cards": [CARD | members]}


def action(**members: Any) -> dict[str, Any]:
    """A response with one suggested action of exactly these members."""
    return {"cards": [OFFERING | {"suggestions": [OFFER | {"actions": [members]}]}]}


def suggested(**elements: Any) -> dict[str, Any]:
    """A response that suggests the order, but for ``elements``."""
    return action(**ACTION | {"resource": ORDER | elements})


def context(**fields: Any) -> dict[str, Any]:
    """An order-select request with these context fields."""
    return REQUEST | {"context": CONTEXT | fields}


def drafts(*orders: Any) -> dict[str, Any]:
    """An order-select request with these draft orders, none selected but m1."""
    return context(draftOrders=CONTEXT["draftOrders"] | {"entry": [{"resource": each} for each in orders]})


def without(payload: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in names}
