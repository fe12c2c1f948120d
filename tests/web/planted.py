"""Requests in which all that can hold a patient's data or a secret holds a canary."""

import json
from typing import Any

from tests.canary import NAME, PATIENT, TEXT, TOKEN, USER
from tests.hook_call.calls import SERVICES, bundle, count, order

VIEW = f"/cds-services/{SERVICES['patient-view']}"
PERSON = {
    "resourceType": "Patient",
    "id": PATIENT,
    "name": [{"family": NAME, "given": [NAME]}],
    "identifier": [{"value": TEXT}],
    "address": [{"text": TEXT}],
}
COUNT = count(0.4, patient=PATIENT) | {"note": [{"text": TEXT}], "performer": [{"display": NAME}]}
ORDER = order(patient=PATIENT) | {"note": [{"text": TEXT}], "requester": {"display": NAME}}


def request(hook: str, **changes: Any) -> dict[str, Any]:
    draft = order("methotrexate", f"{TEXT}-draft", "draft", PATIENT) | {"note": [{"text": TEXT}]}
    context: dict[str, Any] = {"userId": f"Practitioner/{USER}", "patientId": PATIENT, "encounterId": TEXT}
    if hook != "patient-view":
        context["draftOrders"] = {"resourceType": "Bundle", "entry": [{"resource": draft}]}
    if hook == "order-select":
        context["selections"] = [f"MedicationRequest/{TEXT}-draft"]
    body = {"hook": hook, "hookInstance": TEXT, "context": context, "extension": {"x": TEXT}, "user": NAME}
    return body | changes


PREFETCH = {"patient": PERSON, "medications": bundle(ORDER), "neutrophils": bundle(COUNT)}
BAD = {
    "no JSON": f"{NAME} {{".encode(),
    "a wrong hook": json.dumps(request("patient-view") | {"hook": TEXT}).encode(),
    "a wrong patient": json.dumps(request("patient-view", context={"userId": USER, "patientId": f"{NAME} x"})).encode(),
    "a wrong server": json.dumps(request("patient-view", fhirServer=f"ftp://{USER}:{TOKEN}@{TEXT}/")).encode(),
    "a wrong token": json.dumps(
        request("patient-view", fhirServer="http://127.0.0.1:9", fhirAuthorization={"access_token": f"{TOKEN}\n"})
    ).encode(),
    "prefetch that is none": json.dumps(request("patient-view", prefetch={"medications": TEXT})).encode(),
    "a name twice": json.dumps(request("patient-view", prefetch={NAME: 1}))[:-2].encode() + f',"{NAME}":2}}}}'.encode(),
    "Latin-1": f'{{"hook": "{NAME}\xe9"}}'.encode("latin-1"),
}
