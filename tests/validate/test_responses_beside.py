"""A response beside the request it answers: orders that were there, and the same patient."""

import pytest

from tests.validate.payloads import (
    ACTION,
    ACTION_0,
    DELETE,
    ORDER,
    REQUEST,
    RESOURCE,
    action,
    context,
    found,
    suggested,
)

UPDATE = ACTION | {"type": "update"}
TARGET, PATIENT = "anakinra-cds_1@action-target", "anakinra-cds_1@one-patient"
BESIDE = {
    "an update of a draft": (action(**UPDATE), REQUEST, []),
    "a delete of a draft": (action(**DELETE, resourceId="MedicationRequest/m1"), REQUEST, []),
    "a delete of a draft, with a base URL": (
        action(**DELETE, resourceId="MedicationRequest/m1/_history/2"),
        REQUEST,
        [],
    ),
    "a delete of no draft": (
        action(**DELETE, resourceId="MedicationRequest/m2"),
        REQUEST,
        [("warning", f"{ACTION_0}/resourceId", TARGET)],
    ),
    "an update of nothing that was sent": (
        action(**UPDATE | {"resource": ORDER | {"id": "m2"}}),
        REQUEST,
        [("warning", RESOURCE, TARGET)],
    ),
    "an update of a prefetched resource": (
        action(**UPDATE | {"resource": ORDER | {"id": "m2"}}),
        REQUEST
        | {
            "prefetch": {
                "meds": {
                    "resourceType": "Bundle",
                    "type": "searchset",
                    "entry": [{"resource": ORDER | {"id": "m2"}}],
                }
            }
        },
        [],
    ),
    "an order for somebody else": (
        suggested(subject={"reference": "Patient/p2"}),
        REQUEST,
        [("warning", f"{RESOURCE}/subject/reference", PATIENT)],
    ),
    "at patient-view any order may be deleted": (
        action(**DELETE, resourceId="MedicationRequest/m2"),
        REQUEST | {"hook": "patient-view", "context": {"userId": "Practitioner/7", "patientId": "p1"}},
        [],
    ),
    "the patient with its type": (suggested(), context(patientId="Patient/p1"), []),
}


@pytest.mark.parametrize("name", BESIDE)
def test_a_response_is_compared_with_its_request(name: str) -> None:
    response, request, expected = BESIDE[name]
    assert found(response, "response", request=request) == expected
