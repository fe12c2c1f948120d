"""A medication that an order only refers to, wherever it lies."""

import json

import pytest

from cds_service.fhir.read import decode_medication, read_record
from tests.fhir.read.sheet import ANAKINRA, NOW, UTC, bundle, by_reference, drugs, keys, record_of, rxnorm

OFFICE = "https://ehr.example.org/fhir"


def test_a_contained_medication() -> None:
    contained = [{"resourceType": "Patient", "id": "x"}, "nonsense", ANAKINRA | {"id": "other"}, ANAKINRA | {"id": "m"}]
    assert drugs(by_reference("#m", contained=contained)) == [("anakinra", "code")]


def test_a_contained_medication_by_its_ingredient() -> None:
    compounded = {"resourceType": "Medication", "id": "m", "ingredient": [{"itemCodeableConcept": rxnorm("72435")}]}
    assert drugs(by_reference("#m", contained=[compounded])) == [("anakinra", "code")]


def test_an_ingredient_that_is_named_beside_a_reference_only() -> None:
    ingredient = {"itemReference": {"reference": "Substance/s", "display": "Anakinra"}}
    compounded = {"resourceType": "Medication", "id": "m", "code": {"text": "Syringe"}, "ingredient": [ingredient]}
    assert drugs(by_reference("#m", contained=[compounded])) == [("anakinra", "text-only")]


@pytest.mark.parametrize(
    "reference",
    [
        "Medication/med-1",
        f"{OFFICE}/Medication/med-1",
        f"{OFFICE}/Medication/med-1/_history/3",
        "Medication/med-1/_history/1",
    ],
)
def test_a_medication_of_the_same_bundle(reference: str) -> None:
    assert drugs(by_reference(reference), ANAKINRA) == [("anakinra", "code")]


def test_a_medication_of_the_bundle_by_its_full_url() -> None:
    page = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": by_reference("urn:uuid:7f0c")},
            {"fullUrl": "urn:uuid:7f0c", "resource": ANAKINRA | {"id": None}},
        ],
    }
    (medication,) = record_of(medications=json.dumps(page).encode()).medications
    assert medication.drug.name == "anakinra"


def test_a_medication_on_another_page() -> None:
    record = record_of(medications=(bundle(by_reference("Medication/med-1")), bundle(ANAKINRA)))
    assert [each.drug.name for each in record.medications] == ["anakinra"]


def test_a_medication_that_was_read_wins_over_the_display() -> None:
    resource = decode_medication(json.dumps(ANAKINRA).encode())
    assert resource is not None
    data = keys(medications=bundle(by_reference("Medication/med-1", "anakinra (text)")))
    record = read_record("p1", data, (), now=NOW, time_zone=UTC, extra_medications={"Medication/med-1": resource})
    assert record.medications[0].drug.matched.value == "code"


@pytest.mark.parametrize(
    ("display", "drug"), [("Anakinra 100 mg syringe", "anakinra"), ("methotrexate 2.5 mg tablet", "methotrexate")]
)
def test_the_display_of_a_reference_is_the_last_resort(display: str, drug: str) -> None:
    assert drugs(by_reference("Medication/gone", display)) == [(drug, "text-only")]
    assert drugs(by_reference(None, display)) == [(drug, "text-only")]


def test_a_contained_medication_that_is_not_there_is_unidentified() -> None:
    record = record_of(medications=bundle(by_reference("#m", contained=[ANAKINRA])))
    assert record.completeness["medications"].reason == "1 medication could not be identified"


OTHERWISE = ANAKINRA | {"code": rxnorm("1191", "aspirin")}


def test_two_medications_of_one_id_that_differ_identify_nothing() -> None:
    contained = [each | {"id": "m"} for each in (ANAKINRA, OTHERWISE)]
    for page in (
        bundle(by_reference("#m", contained=contained)),
        bundle(by_reference("Medication/med-1"), OTHERWISE, ANAKINRA),
        bundle(by_reference("Medication/med-1"), ANAKINRA, OTHERWISE),
    ):
        record = record_of(medications=page)
        assert record.medications == ()
        assert record.completeness["medications"].reason == "1 medication could not be identified"


def test_two_medications_of_one_id_that_say_the_same_are_one() -> None:
    again = ANAKINRA | {"meta": {"versionId": "2"}}
    assert drugs(by_reference("Medication/med-1"), ANAKINRA, again) == [("anakinra", "code")]
    assert drugs(by_reference("#med-1", contained=[ANAKINRA, ANAKINRA])) == [("anakinra", "code")]


def test_only_a_medication_is_a_medication() -> None:
    assert decode_medication(b'{"resourceType": "Patient"}') is None
    assert decode_medication(b"<html>") is None
