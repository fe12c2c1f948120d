"""Good requests for every POST address, to be spoiled; and what an answer to a spoiled one must be."""

import json
from typing import Any

from flask.testing import FlaskClient

from tests.corpus import SANDBOX
from tests.hook_call.calls import LOW, PATIENT, SERVICES, bundle, chart, count, order

NOWHERE = "http://127.0.0.1:9/fhir"
REPORT = {
    "card": "715ac5a3-c138-5a56-80d5-f27aa38a895c",
    "outcome": "overridden",
    "overrideReason": {"reason": {"code": "known-baseline", "system": "urn:x"}, "userComment": "no"},
    "outcomeTimestamp": "2026-11-22T08:16:02Z",
}


def _neutropenic(hook: str) -> dict[str, Any]:
    """A count of 0.4 on anakinra; and something of all that may be in a request beside."""
    context: dict[str, Any] = {"userId": "Practitioner/p1", "patientId": PATIENT, "encounterId": "e1"}
    if hook != "patient-view":
        draft = order("methotrexate", "draft-1", "draft")
        context["draftOrders"] = {"resourceType": "Bundle", "entry": [{"resource": draft}]}
    if hook == "order-select":
        context["selections"] = ["MedicationRequest/draft-1"]
    platelets = count(150, "plt-1") | {"code": {"coding": [{"system": "http://loinc.org", "code": "777-3"}]}}
    condition = {"resourceType": "Condition", "id": "c1", "subject": {"reference": f"Patient/{PATIENT}"}}
    beside = chart(neutrophils=LOW, labs=bundle(platelets), vitals=bundle(), conditions=bundle(condition))
    return {
        "hook": hook,
        "hookInstance": "6f0c7a3e-2d5b-4b0e-9d59-0a8c5f1c7e11",
        "context": context,
        "prefetch": beside,
        "extension": {"com.example": {"a": [1, "b"]}},
        "more": [{"x": None}],
    }


def _all_bodies() -> dict[str, tuple[str, Any]]:
    bodies: dict[str, tuple[str, Any]] = {}
    for hook, service in SERVICES.items():
        bodies[hook] = f"/cds-services/{service}", _neutropenic(hook)
    for file in SANDBOX:
        body = json.loads(file.read_text())
        bodies[file.stem] = f"/cds-services/{SERVICES[body['hook']]}", body | {"fhirServer": NOWHERE}
    view = f"/cds-services/{SERVICES['patient-view']}"
    bodies["feedback"] = f"{view}/feedback", {"feedback": [REPORT, REPORT | {"outcome": "accepted"}]}
    bodies["validate request"] = "/validate", _neutropenic("order-select")
    bodies["validate response"] = "/validate", {"cards": [{"summary": "s", "indicator": "info", "source": {}}]}
    bodies["causality"] = "/causality", {"patientId": PATIENT, "fhirServer": NOWHERE}
    return bodies


BODIES = _all_bodies()
RESTS_ON = (
    ("hook",),
    ("hookInstance",),
    ("context", "userId"),
    ("context", "patientId"),
    ("context", "selections"),
    ("context", "draftOrders"),
    ("prefetch", "medications"),
    ("prefetch", "neutrophils"),
)
"""The required data of a hook call; all else may be spoiled and a low count must still be told."""


def answered(service: FlaskClient, address: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """The status and the body of an answer that is one of those we give."""
    response = service.post(address, data=body, content_type="application/json")
    text = response.get_data(as_text=True)
    assert response.status_code < 500, text
    assert "Traceback" not in text
    told = response.get_json()
    if response.status_code == 200:
        assert {"cards", "stored", "findings", "patient", "kind"} & set(told)
    else:
        assert told["resourceType"] == "OperationOutcome"
        assert all(issue["diagnostics"] for issue in told["issue"])
    return response.status_code, told
