"""Which Medications somebody should read, before the record is made."""

import json

from cds_service.fhir.bundle import whole_page
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read import decode_medication, unresolved_references
from tests.fhir.read.sheet import bundle, by_reference, keys, request, rxnorm

ANAKINRA = {"resourceType": "Medication", "id": "med-1", "code": rxnorm("72435", "anakinra")}
OFFICE = "https://ehr.example.org/fhir"


def test_references_to_read_come_first_where_nothing_else_tells() -> None:
    on_file = bundle(
        by_reference("Medication/aspirin", "aspirin", id="1"),
        by_reference("Medication/named", "anakinra", id="2"),
        by_reference(f"{OFFICE}/Medication/bare", id="3"),
        by_reference("Medication/med-1", id="4"),
        by_reference("Medication/stopped-long-ago", id="5", status="cancelled"),
        by_reference("#gone", id="6"),
        by_reference("urn:uuid:1", id="7"),
        by_reference("Substance/1", id="8"),
        by_reference(None, "no reference", id="9"),
        request(medicationReference={"reference": "Medication/both"}),
        ANAKINRA,
    )
    drafted = bundle(by_reference("Medication/drafted", status="draft"))
    assert unresolved_references(keys(medications=on_file), drafted) == (
        f"{OFFICE}/Medication/bare",
        "Medication/drafted",
        "Medication/named",
        "Medication/aspirin",
    )


def test_nothing_to_read_where_nothing_is_referred_to() -> None:
    assert unresolved_references(keys(medications=bundle(request())), bundle(request())) == ()
    assert unresolved_references({}) == ()
    assert unresolved_references(keys(medications=b'"medicationReference"')) == ()


def test_what_was_read_is_no_longer_unresolved() -> None:
    resource = decode_medication(json.dumps(ANAKINRA).encode())
    assert resource is not None
    data = keys(medications=bundle(by_reference("Medication/med-1")))
    assert unresolved_references(data, None, {"Medication/med-1": resource}) == ()


def test_pages_that_were_decoded_before_are_not_decoded_again() -> None:
    page = bundle(by_reference("Medication/as-sent"))
    typed = whole_page("medications", page.replace(b"as-sent", b"as-decoded"))
    data = KeyData("medications", "satisfied", (page,), typed=(typed,))
    assert unresolved_references({"medications": data}) == ("Medication/as-decoded",)
