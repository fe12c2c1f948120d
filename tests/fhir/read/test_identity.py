"""Which drug a resource is about, wherever the client put its name."""

import json

import pytest

from cds_service.fhir.read import decode_medication, read_record
from tests.fhir.read.sheet import NOW, UTC, Json, bundle, by_reference, coded, keys, record_of, request, rxnorm

ANAKINRA: Json = {"resourceType": "Medication", "id": "med-1", "code": rxnorm("72435", "anakinra")}
OFFICE = "https://ehr.example.org/fhir"
DEXAMETHASONE: Json = {"medicationCodeableConcept": rxnorm("3264")}


def routes(*given: Json) -> Json:
    return {"dosageInstruction": [{"route": route} for route in given]}


def drugs(*resources: Json | None) -> list[tuple[str, str]]:
    found = record_of(medications=bundle(*resources)).medications
    return [(each.drug.name, each.drug.matched.value) for each in found]


@pytest.mark.parametrize(
    ("concept", "drug", "matched"),
    [
        (rxnorm("727711"), "anakinra", "code"),
        (coded("L04AC03", "http://www.whocc.no/atc"), "anakinra", "code"),
        (coded("385549000", "urn:oid:2.16.840.1.113883.6.96"), "anakinra", "code"),
        ({"coding": [{"system": "urn:local", "code": "9"}, *rxnorm("72435")["coding"]]}, "anakinra", "code"),
        ({"coding": [*rxnorm("6851")["coding"], *rxnorm("72435")["coding"]]}, "anakinra", "code"),
        ({"coding": [*rxnorm("72435")["coding"], *rxnorm("6851")["coding"]]}, "anakinra", "code"),
        ({"text": "Kineret 100 mg s.c."}, "anakinra", "text-only"),
        (rxnorm("999", "anakinra 100 MG/ML"), "anakinra", "text-only"),
        (rxnorm("197535", "Clozapine 100 MG Oral Tablet"), "clozapine", "matched by name"),
        ({"text": "Methotrexate 10 mg weekly"}, "methotrexate", "matched by name"),
    ],
)
def test_the_concept_comes_first(concept: Json, drug: str, matched: str) -> None:
    assert drugs(request(medicationCodeableConcept=concept)) == [(drug, matched)]


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


def test_medications_that_stay_unidentified_are_counted() -> None:
    record = record_of(
        medications=bundle(
            by_reference("Medication/gone"),
            request(id="mr-2", medicationCodeableConcept=coded("1", "urn:local")),
            request(id="mr-3", medicationCodeableConcept=None),
            by_reference("Medication/gone", "aspirin", id="mr-4"),
            by_reference("Medication/gone", id="mr-5", status="cancelled"),
        )
    )
    assert record.medications == ()
    assert record.completeness["medications"].extent.value == "partial"
    assert record.completeness["medications"].reason == "3 medications could not be identified"


RXNORM, SNOMED = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"


@pytest.mark.parametrize(("system", "code"), [(RXNORM, "17767"), (SNOMED, "386864001")])
def test_an_unknown_code_of_a_drug_terminology_is_another_drug_even_without_a_text(system: str, code: str) -> None:
    record = record_of(medications=bundle(request(medicationCodeableConcept=coded(code, system))))
    assert record.medications == ()
    assert record.completeness["medications"].complete


@pytest.mark.parametrize(
    ("system", "code"),
    [(RXNORM, "RX17767"), (RXNORM, "0"), (RXNORM, " "), (SNOMED, "386864002"), ("urn:local", "17767")],
)
def test_a_code_that_its_system_cannot_have_tells_no_drug(system: str, code: str) -> None:
    record = record_of(medications=bundle(request(medicationCodeableConcept=coded(code, system))))
    assert record.completeness["medications"].reason == "1 medication could not be identified"


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (RXNORM.upper(), "72435"),
        (f"{RXNORM}//", "72435"),
        (f" {RXNORM} ", " 72435\n"),
        (f"{RXNORM}|2025-01", "72435"),
        ("URN:OID:2.16.840.1.113883.6.88", "72435"),
        ("http://www.whocc.no/ATC/", "l04ac03"),
    ],
)
def test_a_drug_by_codes_and_systems_in_odd_spelling(system: str, code: str) -> None:
    assert drugs(request(medicationCodeableConcept=coded(code, system))) == [("anakinra", "code")]


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
