"""Draft orders, as lenient as clients need."""

import json
from typing import Any

import pytest

from cds_service.clinical.record import Draft
from cds_service.fhir.read import decode_medication, read_drafts
from tests.fhir.read.sheet import Json, bundle, coded, keys, request, rxnorm

LONG = "a" * 100

# What the public CDS Hooks sandbox sends: no type, no fullUrl, a category that is an object, text beside one coding.
SANDBOX_ORDER: Json = {
    "resourceType": "MedicationRequest",
    "id": "request-123",
    "status": "draft",
    "subject": {"reference": "Patient/p1"},
    "intent": "order",
    "category": {"coding": [{"code": "community"}]},
    "medicationCodeableConcept": {
        "text": "Clozapine 100 MG Oral Tablet",
        "coding": [
            {
                "display": "Clozapine 100 MG Oral Tablet",
                "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                "code": "197535",
            }
        ],
    },
}


def draft(resource: Any, selections: list[str] | None = None, **entry: Any) -> Draft:
    page = {"resourceType": "Bundle", "entry": [{"resource": resource} | entry]}
    (only,) = read_drafts(json.dumps(page).encode(), selections, "p1")
    return only


def drafted(**changes: Any) -> Draft:
    return draft(request(status="draft", **changes))


def test_the_sandbox_order_is_read() -> None:
    only = draft(SANDBOX_ORDER, ["MedicationRequest/request-123"])
    assert only.drug is not None
    assert (only.drug.name, only.drug.matched.value) == ("clozapine", "matched by name")
    assert (only.source, only.selected, only.ends, only.unidentified) == (
        "MedicationRequest/request-123",
        True,
        False,
        "",
    )
    assert json.loads(only.original) == SANDBOX_ORDER


def test_the_sandboxs_first_call_names_no_medication_and_that_is_no_fault() -> None:
    only = draft({name: SANDBOX_ORDER[name] for name in ("resourceType", "id", "status", "subject")})
    assert (only.drug, only.unidentified) == (None, "")


@pytest.mark.parametrize(
    ("selections", "selected"),
    [
        (None, True),
        ([], False),
        (["MedicationRequest/mr-1"], True),
        (["https://ehr.example.org/fhir/MedicationRequest/mr-1"], True),
        (["MedicationRequest/mr-1/_history/2"], True),
        (["mr-1"], True),
        (["urn:uuid:full"], True),
        (["MedicationRequest/mr-11"], False),
        (["ServiceRequest/mr-1"], False),
    ],
)
def test_a_selection_by_reference(selections: list[str] | None, selected: bool) -> None:
    assert draft(request(), selections, fullUrl="urn:uuid:full").selected is selected


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        ("draft", False),
        ("active", False),
        (None, False),
        ("stopped", True),
        ("on-hold", True),
        ("cancelled", True),
        ("completed", True),
        ("entered-in-error", True),
    ],
)
def test_an_entry_that_ends_an_order_proposes_none(status: str | None, ends: bool) -> None:
    assert draft(request(status=status)).ends is ends


def test_do_not_give_is_no_proposal() -> None:
    assert drafted(doNotPerform=True).ends


def test_a_draft_about_another_patient_is_foreign() -> None:
    assert drafted(subject={"reference": "Patient/p2"}).foreign
    assert not drafted(subject={"reference": "https://ehr.example.org/fhir/Patient/p1/_history/1"}).foreign
    assert not drafted(subject=None).foreign


@pytest.mark.parametrize(
    ("changes", "entry", "source"),
    [
        ({"id": LONG}, {}, f"MedicationRequest/{LONG}"),
        ({"id": None}, {"fullUrl": "urn:uuid:0001"}, "urn:uuid:0001"),
        ({"id": None}, {}, "MedicationRequest (entry 1 of draftOrders)"),
    ],
)
def test_a_draft_is_named_whatever_its_id(changes: Json, entry: Json, source: str) -> None:
    assert draft(request(**changes), **entry).source == source


def test_other_orders_are_drafts_without_a_drug() -> None:
    only = draft({"resourceType": "ServiceRequest", "id": "s1", "status": "draft"}, ["ServiceRequest/s1"])
    assert (only.source, only.drug, only.selected) == ("ServiceRequest/s1", None, True)


@pytest.mark.parametrize(
    ("changes", "unidentified"),
    [
        ({"medicationCodeableConcept": coded("1", "urn:local")}, True),
        ({"medicationCodeableConcept": None, "medicationReference": {"reference": "Medication/gone"}}, True),
        ({"medicationCodeableConcept": rxnorm("1", "aspirin")}, False),
        ({"medicationCodeableConcept": None, "medicationReference": {"display": "aspirin"}}, False),
    ],
)
def test_a_medication_that_cannot_be_told_is_said(changes: Json, unidentified: bool) -> None:
    only = drafted(**changes)
    assert only.drug is None
    assert only.unidentified == ("an ordered drug could not be identified" if unidentified else "")


MEDICATION: Json = {"resourceType": "Medication", "id": "m", "code": rxnorm("612865", "tocilizumab")}
BY_REFERENCE = request(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"})


def test_a_medication_is_looked_for_in_the_drafts_on_file_and_among_those_read() -> None:
    read = decode_medication(json.dumps(MEDICATION).encode())
    assert read is not None
    for answer in (
        read_drafts(bundle(BY_REFERENCE, MEDICATION), None, "p1"),
        read_drafts(bundle(BY_REFERENCE), None, "p1", keys=keys(medications=bundle(MEDICATION))),
        read_drafts(bundle(BY_REFERENCE), None, "p1", extra_medications={"Medication/m": read}),
    ):
        (only,) = answer
        assert only.drug is not None
        assert only.drug.name == "tocilizumab"


@pytest.mark.parametrize("resource", ["text", 7, ["list"], {"resourceType": 1}, request(intent=[])])
def test_an_order_that_cannot_be_read_is_said_and_keeps_the_others(resource: Any) -> None:
    page = json.dumps({"entry": [{"resource": resource}, {"resource": request(id="mr-2")}]}).encode()
    bad, good = read_drafts(page, None, "p1")
    assert (bad.drug, bad.unidentified) == (None, "the order could not be read")
    assert good.drug is not None


@pytest.mark.parametrize("page", [b"<html>", b'{"entry": 1}', b"[]", b'{"entry": [' + b"[" * 100_000])
def test_draft_orders_that_are_no_bundle_are_said(page: bytes) -> None:
    (only,) = read_drafts(page, None, "p1")
    assert only.unidentified == "the draft orders could not be read"


def test_no_draft_orders_and_no_entries_are_no_drafts() -> None:
    assert read_drafts(None, None, "p1") == ()
    assert read_drafts(b'{"resourceType": "Bundle"}', ["x"], "p1") == ()
    assert read_drafts(b'{"entry": [{}, {"resource": null}]}', None, "p1") == ()


def test_an_entry_that_is_no_object_does_not_cost_the_others() -> None:
    page = json.dumps({"entry": ["text", {"resource": request()}]}).encode()
    assert [each.source for each in read_drafts(page, None, "p1")] == ["MedicationRequest/mr-1"]
