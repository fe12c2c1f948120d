"""Code systems by the names real systems send, and codes that could not exist."""

import pytest

from cds_service.codes.systems import LABELS, SYSTEMS, Atc, Code, Icd10Cm, Loinc, RxNorm, Snomed, codes


@pytest.mark.parametrize(
    ("sent", "label"),
    [
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
        ("urn:oid:2.16.840.1.113883.6.88", "RxNorm"),
        ("http://www.whocc.no/atc", "ATC"),
        ("urn:oid:2.16.840.1.113883.6.73", "ATC"),
        ("http://fhir.de/CodeSystem/bfarm/atc", "ATC"),
        ("http://snomed.info/sct", "SNOMED CT"),
        ("https://snomed.info/sct", "SNOMED CT"),
        ("urn:oid:2.16.840.1.113883.6.96", "SNOMED CT"),
        ("http://loinc.org", "LOINC"),
        ("http://loinc.org/", "LOINC"),
        ("urn:oid:2.16.840.1.113883.6.1", "LOINC"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM"),
        ("urn:oid:2.16.840.1.113883.6.90", "ICD-10-CM"),
        ("urn:oid:2.16.840.1.113883.6.8", "UCUM"),
    ],
)
def test_a_system_is_known_by_its_uri_and_its_oid(sent: str, label: str) -> None:
    assert LABELS[SYSTEMS[sent]] == label


@pytest.mark.parametrize("other", ["http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/ndc", "LOINC", ""])
def test_a_system_that_is_none_of_these_is_not_guessed(other: str) -> None:
    assert other not in SYSTEMS


@pytest.mark.parametrize(
    ("kind", "slip"),
    [
        (Loinc, "751-9"),  # check digit
        (Loinc, "751"),
        (Loinc, "00751-8"),
        (Snomed, "385549001"),  # check digit
        (Snomed, "38554"),
        (RxNorm, "0723"),
        (RxNorm, "A1"),
        (Atc, "L4AC03"),
        (Atc, "L04AC3"),
        (Icd10Cm, "M0820"),
        (Icd10Cm, "D70."),
    ],
)
def test_a_slip_of_the_keyboard_is_no_code(kind: type[Code], slip: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        kind(slip)


def test_codes_come_in_order_with_their_mark() -> None:
    assert codes(Loinc, "751-8 26499-4", verified=True) == (Loinc("751-8", True), Loinc("26499-4", True))
    assert codes(Loinc, "") == ()
