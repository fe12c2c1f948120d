"""Which drug a resource is about: by code, by name, or not to be told."""

import pytest

from tests.fhir.read.sheet import Json, bundle, by_reference, coded, drugs, record_of, request, rxnorm


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
