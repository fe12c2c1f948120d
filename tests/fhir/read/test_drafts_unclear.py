"""Draft orders that cannot be read, or whose drug cannot be told: it is said, and costs no other order."""

import json
from typing import Any

import pytest

from cds_service.fhir.read import read_drafts
from tests.fhir.read.drafts import BY_REFERENCE, MEDICATION, draft, drafted
from tests.fhir.read.sheet import Json, coded, request, rxnorm


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
