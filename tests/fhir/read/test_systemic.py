"""Only a drug that reaches the whole body counts: not a cream, an eye drop or an inhaler."""

import pytest

from tests.fhir.read.sheet import ANAKINRA, Json, bundle, by_reference, coded, drugs, record_of, request, rxnorm

DEXAMETHASONE: Json = {"medicationCodeableConcept": rxnorm("3264")}


def routes(*given: Json) -> Json:
    return {"dosageInstruction": [{"route": route} for route in given]}


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"medicationCodeableConcept": rxnorm("8640", "prednisone 5 MG Oral Tablet")}, True),
        ({"medicationCodeableConcept": rxnorm("1", "hydrocortisone 10 MG/ML Topical Cream")}, False),
        ({"medicationCodeableConcept": rxnorm("5492", "hydrocortisone 1 % cream")}, False),
        ({"medicationCodeableConcept": rxnorm("3008", "cyclosporine 0.5 MG/ML Ophthalmic Emulsion")}, False),
        ({"medicationCodeableConcept": coded("D07AC01", "http://www.whocc.no/atc", "betamethasone")}, False),
        (DEXAMETHASONE | routes(coded("54485002", "http://snomed.info/sct")), False),
        (DEXAMETHASONE | routes({"text": "Inhalation"}), False),
        (DEXAMETHASONE | routes({"text": "oral"}), True),
        (DEXAMETHASONE | routes({"text": "oral"}, {"text": "topical"}), True),
        ({"medicationCodeableConcept": rxnorm("72435"), "dosageInstruction": [{"route": {"text": "skin"}}]}, True),
    ],
)
def test_a_cream_or_an_eye_drop_is_no_systemic_drug(changes: Json, counts: bool) -> None:
    record = record_of(medications=bundle(request(**changes)))
    assert bool(record.medications) is counts
    assert record.completeness["medications"].complete


def test_the_form_of_a_referenced_medication_tells_too() -> None:
    cream = ANAKINRA | {"code": rxnorm("5492"), "form": {"text": "cream"}}
    assert drugs(by_reference("Medication/med-1"), cream) == []


def test_a_route_of_an_administration_or_statement_tells_too() -> None:
    shared = {"status": "completed", "medicationCodeableConcept": rxnorm("3264"), "effectiveDateTime": "2026-11-20"}
    given = {
        "resourceType": "MedicationAdministration",
        "id": "a",
        "dosage": {"route": {"text": "ophthalmic"}},
    } | shared
    stated = {"resourceType": "MedicationStatement", "id": "s", "dosage": [{"route": {"text": "topical"}}]} | shared
    assert drugs(given, stated | {"status": "active"}) == []


def test_a_drug_given_without_a_dosage_counts() -> None:
    given = {
        "resourceType": "MedicationAdministration",
        "id": "a",
        "status": "completed",
        "medicationCodeableConcept": rxnorm("3264"),
    }
    assert drugs(given) == [("dexamethasone", "code")]
