"""Hook requests: what clients break, and what they bend."""

import pytest

from tests.validate.payloads import AUTHORIZATION, CONTEXT, ORDER, REQUEST, context, drafts, found, without

DRAFT = "/context/draftOrders/entry/0/resource"
VIEW = {"userId": "Practitioner/7", "patientId": "p1"}
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
PAGE = {
    "resourceType": "Bundle",
    "type": "searchset",
    "link": [{"relation": "next", "url": "https://ehr.example.org/fhir?_getpages=1"}],
}
DSTU2 = {
    "selections": ["MedicationOrder/o1"],
    "draftOrders": CONTEXT["draftOrders"] | {"entry": [{"resource": {"resourceType": "MedicationOrder", "id": "o1"}}]},
}


def other(hook: str, **fields: object) -> dict[str, object]:
    return {"hook": hook, "hookInstance": REQUEST["hookInstance"], "context": fields}


GOOD = {
    "order-select": REQUEST,
    "with a token": REQUEST | {"fhirAuthorization": AUTHORIZATION},
    "prefetch null": REQUEST | {"prefetch": {"labs": None}},
    "a hook of one's own": other("org.example-hook", anything=1),
    "order-dispatch": other(
        "order-dispatch", patientId="p1", dispatchedOrders=["ServiceRequest/1"], performer="Organization/1"
    ),
    "a selection by its fullUrl": context(
        selections=["MedicationRequest/9"],
        draftOrders=CONTEXT["draftOrders"]
        | {
            "entry": [{"fullUrl": "https://ehr.example.org/fhir/MedicationRequest/9", "resource": without(ORDER, "id")}]
        },
    ),
    "a lifetime that is a whole number written as a fraction": REQUEST
    | {"fhirAuthorization": AUTHORIZATION | {"expires_in": 300.0}},
    "order-sign of what was signed before": REQUEST
    | {"hook": "order-sign", "context": without(drafts(ORDER | {"status": "active"})["context"], "selections")},
}

BAD = {
    "no hook": (without(REQUEST, "hook"), [("error", "", "cds-hooks_2.0@18")]),
    "no userId": (
        context() | {"context": without(CONTEXT, "userId")},
        [("error", "/context", "cds-hooks-library_1.0.1@76")],
    ),
    "a hookInstance that is no UUID is accepted": (
        REQUEST | {"hookInstance": "42"},
        [("warning", "/hookInstance", "cds-hooks_2.0@19")],
    ),
    "a patientId with its type": (
        context(patientId="Patient/p1"),
        [("warning", "/context/patientId", "cds-hooks-library_1.0.1@80")],
    ),
    "http": (
        REQUEST | {"fhirServer": "http://ehr.example.org/fhir"},
        [("warning", "/fhirServer", "anakinra-cds_1@https")],
    ),
    # selections and drafts
    "a selection that is no draft": (
        context(selections=["MedicationRequest/m2"]),
        [("error", "/context/selections/0", "cds-hooks-library_1.0.1@88")],
    ),
    "a selection without its type": (
        context(selections=["m1"]),
        [("error", "/context/selections/0", "cds-hooks-library_1.0.1@88")],
    ),
    "a selection twice": (
        context(selections=["MedicationRequest/m1"] * 2),
        [("warning", "/context/selections/1", "cds-hooks-library_1.0.1@88")],
    ),
    "a draft that is signed": (
        drafts(ORDER | {"status": "active"}),
        [("hint", f"{DRAFT}/status", "cds-hooks-library_1.0.1@92")],
    ),
    "an order of FHIR DSTU2": (
        context(**DSTU2),
        [("warning", f"{DRAFT}/resourceType", "fhir_r4@Resource")],
    ),
    "a Bundle without a type": (
        context(draftOrders=without(CONTEXT["draftOrders"], "type")),
        [("hint", "/context/draftOrders", "fhir_r4@Bundle.type")],
    ),
    "a category that is no list, as the public sandbox sends it": (
        drafts(ORDER | {"category": {"text": "community"}}),
        [("hint", f"{DRAFT}/category", "fhir_r4@MedicationRequest.category")],
    ),
    "a draft of another patient": (
        drafts(ORDER | {"subject": {"reference": "Patient/p2"}}),
        [("warning", f"{DRAFT}/subject/reference", "anakinra-cds_1@one-patient")],
    ),
    # prefetch
    "another patient in prefetch": (
        REQUEST | {"prefetch": {"patient": {"resourceType": "Patient", "id": "p2"}}},
        [("warning", "/prefetch/patient/id", "anakinra-cds_1@one-patient")],
    ),
    "a failed prefetch": (
        REQUEST | {"prefetch": {"labs": OUTCOME}},
        [("hint", "/prefetch/labs", "cds-hooks_2.0@50")],
    ),
    "a first page": (REQUEST | {"prefetch": {"labs": PAGE}}, [("hint", "/prefetch/labs/link", "cds-hooks_2.0@48")]),
    "a search result that does not say so": (
        REQUEST | {"prefetch": {"labs": {"resourceType": "Bundle"}}},
        [("hint", "/prefetch/labs", "fhir_r4@Bundle.type")],
    ),
    "a prefetch value that is text": (
        REQUEST | {"prefetch": {"labs": "<html>"}},
        [("error", "/prefetch/labs", "cds-hooks_2.0@30")],
    ),
    # the token
    "a token without a server": (
        without(REQUEST, "fhirServer") | {"fhirAuthorization": AUTHORIZATION},
        [("error", "", "cds-hooks_2.0@20")],
    ),
    "a token without its scope": (
        REQUEST | {"fhirAuthorization": without(AUTHORIZATION, "scope")},
        [("error", "/fhirAuthorization", "cds-hooks_2.0@69")],
    ),
    "a token with Bearer before it": (
        REQUEST | {"fhirAuthorization": AUTHORIZATION | {"access_token": "Bearer abc"}},
        [("warning", "/fhirAuthorization/access_token", "cds-hooks_2.0@66")],
    ),
    "a lifetime below zero": (
        REQUEST | {"fhirAuthorization": AUTHORIZATION | {"expires_in": -1}},
        [("error", "/fhirAuthorization/expires_in", "cds-hooks_2.0@68")],
    ),
    "a token for a day": (
        REQUEST | {"fhirAuthorization": AUTHORIZATION | {"expires_in": 86400}},
        [("hint", "/fhirAuthorization/expires_in", "cds-hooks_2.0@72")],
    ),
    "a token for another patient": (
        REQUEST | {"fhirAuthorization": AUTHORIZATION | {"patient": "p2"}},
        [("warning", "/fhirAuthorization/patient", "anakinra-cds_1@one-patient")],
    ),
    # hooks without a schema of their own
    "encounter-start without its encounter": (
        other("encounter-start", **VIEW),
        [("error", "/context", "cds-hooks-library_1.0.1@43")],
    ),
    "order-dispatch with one order as text": (
        other("order-dispatch", patientId="p1", dispatchedOrders="ServiceRequest/1", performer="Organization/1"),
        [("error", "/context/dispatchedOrders", "cds-hooks-library_1.0.1@63")],
    ),
    "a user without a type": (
        other("encounter-discharge", userId="7", patientId="p1", encounterId="e1"),
        [("error", "/context/userId", "cds-hooks-library_1.0.1@47")],
    ),
    "an encounter with its type": (
        other("encounter-start", **VIEW, encounterId="Encounter/e1"),
        [("warning", "/context/encounterId", "cds-hooks-library_1.0.1@43")],
    ),
    # names
    "hookinstance": (
        without(REQUEST, "hookInstance") | {"hookinstance": REQUEST["hookInstance"]},
        [("error", "", "cds-hooks_2.0@19")],
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_said_of_what_is_good(name: str) -> None:
    assert found(GOOD[name]) == []


@pytest.mark.parametrize("name", BAD)
def test_each_fault_is_said_once_and_in_its_place(name: str) -> None:
    payload, expected = BAD[name]
    assert found(payload) == expected
