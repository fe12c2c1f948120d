"""What a reply holds beside its cards, and an order whose drug is only known once its Medication was read."""

import json

from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore
from cds_service.settings import Settings
from tests.hook_call.calls import PATIENT, RXNORM, SERVICES, call, chart, order


def test_without_tracing_a_reply_is_its_cards_alone() -> None:
    client = create_app(Settings(trace="off")).test_client()
    body = {
        "hook": "patient-view",
        "hookInstance": "6f0c7a3e-2d5b-4b0e-9d59-0a8c5f1c7e11",
        "context": {"userId": "Practitioner/p1", "patientId": PATIENT},
        "prefetch": chart(),
    }
    answer = client.post(f"/cds-services/{SERVICES['patient-view']}", data=json.dumps(body))
    assert answer.get_json() == {"cards": []}


def test_an_order_that_turns_out_to_be_of_no_concern_is_waved_through(client: FlaskClient) -> None:
    """Epic sends a reference only. The patient has no other data, which a drug of ours would make a card of."""
    draft = order("aspirin", "draft-1", "draft")
    del draft["medicationCodeableConcept"]
    draft["medicationReference"] = {"reference": "Medication/m1"}
    for code, name, rows in (("1191", "aspirin", []), ("72435", "anakinra", ["OA2"])):
        coding = {"system": RXNORM, "code": code, "display": name}
        medication = {"resourceType": "Medication", "id": "m1", "code": {"coding": [coding]}}
        with serving(FhirStore([medication, {"resourceType": "Patient", "id": PATIENT}])) as base:
            assert call(client, "order-sign", None, draft, fhir=base).rows == rows
