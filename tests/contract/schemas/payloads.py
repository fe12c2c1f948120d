"""Good payloads of every kind, to be broken one rule at a time."""

import copy
from typing import Any

CARD_ID = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
SUGGESTION_ID = "e56e1945-20b3-4393-8503-a1a20fd73152"
ABSENT: Any = object()

RESPONSE = {
    "cards": [
        {
            "uuid": CARD_ID,
            "summary": "Hold anakinra: neutrophils 0.8 x10*9/L.",
            "indicator": "warning",
            "detail": "**0.8** on 2026-11-01.",
            "source": {
                "label": "A label",
                "url": "https://example.org/label",
                "icon": "https://example.org/100.png",
                "topic": {"system": "urn:example:topic", "code": "hold"},
            },
            "suggestions": [
                {
                    "label": "Hold",
                    "uuid": SUGGESTION_ID,
                    "isRecommended": True,
                    "actions": [
                        {
                            "type": "create",
                            "description": "A count in a week",
                            "resource": {"resourceType": "ServiceRequest", "status": "draft"},
                        },
                        {
                            "type": "update",
                            "description": "Hold anakinra",
                            "resource": {"resourceType": "MedicationRequest", "id": "a", "status": "on-hold"},
                        },
                        {"type": "delete", "description": "Drop the draft", "resourceId": "MedicationRequest/draft"},
                    ],
                },
                {"label": "Nothing", "uuid": "9368d37b-283f-44a0-93ea-547cebab93ed"},
            ],
            "selectionBehavior": "at-most-one",
            "overrideReasons": [{"system": "urn:example:reasons", "code": "known", "display": "Already known"}],
            "links": [
                {"label": "Page", "url": "https://example.org/page", "type": "absolute"},
                {"label": "App", "url": "https://example.org/launch", "type": "smart", "appContext": "{}"},
            ],
            "extension": {"org.example.key": 1},
        }
    ],
    "systemActions": [{"type": "update", "description": "Note it", "resource": {"resourceType": "ServiceRequest"}}],
    "extension": {"org.example.trace": {"rules": []}},
}

DISCOVERY = {
    "services": [
        {
            "hook": "patient-view",
            "title": "A service",
            "description": "Says what it sees.",
            "id": "a-service",
            "prefetch": {"patient": "Patient/{{context.patientId}}"},
            "usageRequirements": "FHIR R4.",
        }
    ]
}

FEEDBACK = {
    "feedback": [
        {
            "card": CARD_ID,
            "outcome": "accepted",
            "acceptedSuggestions": [{"id": SUGGESTION_ID}],
            "outcomeTimestamp": "2026-11-23T10:05:31.5Z",
        },
        {
            "card": CARD_ID,
            "outcome": "overridden",
            "overrideReason": {
                "reason": {"system": "urn:example:reasons", "code": "known"},
                "userComment": "Discussed yesterday.",
            },
            "outcomeTimestamp": "2020-12-11T00:00:00+00:00",
        },
    ]
}

_ENVELOPE = {
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "fhirServer": "https://ehr.example.org/fhir",
    "fhirAuthorization": {
        "access_token": "opaque",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "user/Patient.read user/Observation.read",
        "subject": "cds-service4",
    },
    "prefetch": {
        "patient": {"resourceType": "Patient", "id": "1288992"},
        "labs": None,
        "conditions": {"resourceType": "Bundle", "type": "searchset", "entry": []},
        "vitals": {"resourceType": "OperationOutcome", "issue": []},
    },
}
_DRAFTS = {
    "resourceType": "Bundle",
    "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "103", "status": "draft"}}],
}

VIEW = {
    **_ENVELOPE,
    "hook": "patient-view",
    "context": {"userId": "Patient/1288992", "patientId": "1288992", "encounterId": "89284"},
}
SELECT = {
    **_ENVELOPE,
    "hook": "order-select",
    "context": {
        "userId": "PractitionerRole/123",
        "patientId": "1288992",
        "selections": ["MedicationRequest/103"],
        "draftOrders": _DRAFTS,
    },
}
SIGN = {
    **_ENVELOPE,
    "hook": "order-sign",
    "context": {"userId": "Practitioner/123", "patientId": "1288992", "draftOrders": _DRAFTS},
}
OTHER = {**_ENVELOPE, "hook": "encounter-start", "context": {"userId": "Practitioner/123", "anything": [1]}}

GOOD = {
    "response": RESPONSE,
    "discovery": DISCOVERY,
    "feedback": FEEDBACK,
    "patient-view": VIEW,
    "order-select": SELECT,
    "order-sign": SIGN,
    "encounter-start": OTHER,
}
"""A good body by kind, or by hook for requests."""


def changed(body: dict[str, Any], pointer: str, value: Any) -> Any:
    """A copy of ``body`` with ``value`` at that JSON pointer, or without the member if ``value`` is ABSENT."""
    if not pointer:
        return value
    whole = copy.deepcopy(body)
    *steps, last = (int(step) if step.isdigit() else step for step in pointer.removeprefix("/").split("/"))
    place: Any = whole
    for step in steps:
        place = place[step]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return whole
