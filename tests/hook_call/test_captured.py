"""Requests captured from the public CDS Hooks sandbox, end to end. Its prefetch keys were another service's."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore
from tests.corpus import sandbox_request
from tests.fault_server import FaultServer
from tests.hook_call.calls import SERVICES, call, count, order

PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "pat1", "birthDate": "1980-01-01"}
CHART = [PATIENT, order(patient="pat1"), count(1.2, patient="pat1")]


def fire(client: FlaskClient, name: str, fhir: str) -> dict[str, Any]:
    body = sandbox_request(name) | {"fhirServer": fhir}
    response = client.post(f"/cds-services/{SERVICES[body['hook']]}", json=body)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


@pytest.mark.parametrize(
    ("name", "resources", "rows"),
    [
        ("patient-view", CHART, ["PV8"]),
        ("patient-view", [PATIENT, count(1.2, patient="pat1")], []),
        ("order-select-drug", CHART, ["OU1"]),  # clozapine, recognised by the name in its display
        ("order-select-drug", [PATIENT, count(1.2, patient="pat1")], []),
        ("order-select-no-medication", CHART, []),  # the screen has just opened: nothing is selected
    ],
)
def test_as_the_sandbox_sends_it(client: FlaskClient, name: str, resources: list[Any], rows: list[str]) -> None:
    with serving(FhirStore(resources)) as base:
        answer = fire(client, name, base)
    assert [card["extension"]["org.anakinra-cds"]["row"] for card in answer["cards"]] == rows


def test_without_its_server_a_chart_is_refused_and_an_order_is_not_assessed(client: FlaskClient) -> None:
    body = sandbox_request("patient-view") | {"fhirServer": "http://127.0.0.1:9/fhir"}
    refused = client.post(f"/cds-services/{SERVICES['patient-view']}", json=body)
    assert refused.status_code == 412
    assert "prefetch.medications" in refused.get_data(as_text=True)
    cards = fire(client, "order-select-drug", "http://127.0.0.1:9/fhir")["cards"]
    assert [card["source"]["topic"]["code"] for card in cards] == ["not-assessed"]


@pytest.mark.parametrize("hook", ["patient-view", "order-sign"])
def test_a_patient_whom_the_server_does_not_have_is_no_empty_chart(client: FlaskClient, hook: str) -> None:
    drafts = () if hook == "patient-view" else (order("methotrexate", "draft-1", "draft", patient="nobody"),)
    with serving(FhirStore(CHART)) as base:
        answer = call(client, hook, None, *drafts, fhir=base, patientId="nobody")
    if hook == "patient-view":
        assert answer.status == 412
        assert "check context.patientId and fhirServer" in answer.diagnostics
    else:
        assert answer.rows == ["NA"]


def test_a_server_of_another_fhir_version_is_told_so(client: FlaskClient) -> None:
    """A DSTU2 server, the sandbox's default, knows no MedicationRequest."""
    with FaultServer(lambda asked: PATIENT, "404", only=lambda asked: asked.startswith("Medication")) as server:
        answer = call(client, "patient-view", None, fhir=server.base_url, patientId="pat1")
    assert answer.status == 412
    assert "FHIR R4 only" in answer.diagnostics
