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
MEDICATION: Json = {"resourceType": "Medication", "id": "m", "code": rxnorm("612865", "tocilizumab")}


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
        (None, "mr-1 mr-2"),
        ([], ""),
        (["MedicationRequest/mr-1"], "mr-1"),
        (["https://ehr.example.org/fhir/MedicationRequest/mr-1"], "mr-1"),
        (["MedicationRequest/mr-1/_history/2"], "mr-1"),
        (["mr-1"], "mr-1"),
        (["urn:uuid:full-mr-1"], "mr-1"),
        (["Medication/med"], ""),
        # one that points to nothing may have meant any of them
        (["MedicationRequest/mr-11"], "mr-1 mr-2"),
        (["ServiceRequest/mr-1"], "mr-1 mr-2"),
        (["MedicationRequest/mr-1", "MedicationRequest/MR-2"], "mr-1 mr-2"),
        ([""], "mr-1 mr-2"),
    ],
)
def test_a_selection_by_reference(selections: list[str] | None, selected: str) -> None:
    entries = [{"resource": request(id=each), "fullUrl": f"urn:uuid:full-{each}"} for each in ("mr-1", "mr-2")]
    entries.append({"resource": MEDICATION | {"id": "med"}, "fullUrl": "urn:uuid:med"})
    drafts = read_drafts(json.dumps({"resourceType": "Bundle", "entry": entries}).encode(), selections, "p1")
    assert [each.source.partition("/")[2] for each in drafts if each.selected] == selected.split()


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
    assert read_drafts(b'{"entry": []}', None, "p1") == ()


@pytest.mark.parametrize(
    "entry",
    [
        "text", 7, None, [], {}, {"fullUrl": "urn:uuid:1"}, {"resource": None}, {"resource": {}}, 
        {"resource": {"id": "1"}}, {"resource": request(resourceType=None)}, {"resource": request(resourceType="")},
        {"resource": {"resourceType": " ", "id": "1"}}, {"resource": {"resourceType": "Order", "id": "1"}},
    ],
)  # fmt: skip
def test_an_entry_without_an_order_is_said_and_does_not_cost_the_others(entry: Any) -> None:
    page = json.dumps({"entry": [entry, {"resource": request()}]}).encode()
    bad, good = read_drafts(page, None, "p1")
    assert (bad.drug, bad.selected, bad.unidentified) == (None, True, "the order could not be read")
    assert (good.source, good.drug is not None) == ("MedicationRequest/mr-1", True)


@pytest.mark.parametrize("type_", ["medicationrequest", "MedicationDispense", "RequestGroup", "Resource"])
def test_a_drug_in_what_is_no_medication_request_is_said(type_: str) -> None:
    only = draft(request(resourceType=type_))
    assert (only.drug, only.unidentified) == (None, "the order could not be read")


@pytest.mark.parametrize(
    "changes",
    [
        {"medicationCodeableConcept": None, "medication": {"concept": rxnorm("72435", "anakinra")}},
        {"medicationCodeableConcept": None, "medicationcodeableconcept": rxnorm("72435", "anakinra")},
        {"medicationCodeableConcept": {}},
        {"medicationCodeableConcept": {"text": " \t", "coding": [{"display": " "}]}},
        {"medicationCodeableConcept": {"coding": []}},
        {"medicationCodeableConcept": {"coding": None}},
    ],
)
def test_a_drug_where_r4_has_none_is_said(changes: Json) -> None:
    assert drafted(**changes).unidentified == "an ordered drug could not be identified"


def test_a_drug_of_null_is_said() -> None:
    only = draft(request(medicationCodeableConcept=None) | {"medicationCodeableConcept": None})
    assert only.unidentified == "an ordered drug could not be identified"


ASPIRIN = json.dumps(rxnorm("1191", "aspirin"))
ENTRY = json.dumps({"resource": request(status="draft")})


@pytest.mark.parametrize(
    "page",
    [
        f'{{"entry": [{ENTRY[:-2]}, "medicationCodeableConcept": {ASPIRIN}}}}}]}}',
        f'{{"entry": [{ENTRY[:-2]}, "medicationC\\u006fdeableConcept": {ASPIRIN}}}}}]}}',
        f'{{"entry": [{ENTRY}], "entry": []}}',
        f'{{"entry": [{ENTRY[:-1]}, "resource": {{"resourceType": "ServiceRequest"}}}}]}}',
    ],
)
def test_a_name_that_occurs_twice_is_said_wherever_it_is(page: str) -> None:
    assert "a name occurs twice in the draft orders" in [
        each.unidentified for each in read_drafts(page.encode(), None, "p1")
    ]


def test_a_medication_in_which_a_name_occurs_twice_is_not_at_hand() -> None:
    twice = json.dumps(MEDICATION)[:-1] + f', "code": {ASPIRIN}}}'
    page = json.dumps({"entry": [{"resource": BY_REFERENCE}, {"resource": "HERE"}]}).replace('"HERE"', twice)
    drafts = read_drafts(page.encode(), None, "p1")
    assert drafts[0].unidentified == "an ordered drug could not be identified"
