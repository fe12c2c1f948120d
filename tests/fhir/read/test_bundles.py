"""Bundle pages: one bad entry, a page that is none, warnings among the results."""

import json
from typing import Any

import msgspec
import pytest

from cds_service.clinical.record import Completeness, Extent
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read import read_record
from tests.fhir.read.sheet import NOW, UTC, Json, anc, bundle, keys, record_of, request

OUTCOME: Json = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "informational"}]}


def test_one_bad_entry_is_skipped_and_named_and_the_key_is_incomplete() -> None:
    record = record_of(neutrophils=bundle(anc(id="bad", status=["final"]), anc()))
    assert [each.source for each in record.results] == ["Observation/anc-1"]
    assert record.completeness["neutrophils"] == Completeness(Extent.PARTIAL, "could not be read: Observation/bad")


def test_many_bad_entries_are_counted_and_only_some_named() -> None:
    record = record_of(neutrophils=bundle(*(anc(id=f"b{n}", status=1) for n in range(8))))
    reason = record.completeness["neutrophils"].reason
    assert reason.startswith("could not be read: Observation/b0, ")
    assert reason.endswith(" and 3 more")


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({"resource": anc(id=None, status=1)}, "Observation without id"),
        ({"resource": {"id": "x"}}, "a resource without type"),
        ({"resource": {"id": "x", "status": 1}}, "a resource without type"),
        ({"resource": anc(resourceType="observation")}, "a resource of no type that FHIR has"),
        ({"resource": anc(resourceType="Observation ")}, "a resource of no type that FHIR has"),
        ({"resource": anc(resourceType="Obs")}, "a resource of no type that FHIR has"),
        ({"resource": {"resourceType": "Bundle", "entry": [{"resource": anc()}]}}, "a Bundle among the results"),
        ({"resource": "text"}, "an entry"),
        ("text", "an entry"),
        ({"resource": anc(id="x" * 200, status=1)}, f"Observation/{'x' * 68}"),
    ],
)
def test_a_bad_entry_is_named_as_well_as_it_can_be(bad: Any, named: str) -> None:
    page = json.dumps({"resourceType": "Bundle", "entry": [bad, {"resource": anc()}]}).encode()
    record = record_of(neutrophils=page)
    assert len(record.results) == 1
    assert record.completeness["neutrophils"].reason == f"could not be read: {named}"


@pytest.mark.parametrize(
    "page",
    [
        b"", b"<html></html>", b'"text"', b"[]", b"null", b'{"resourceType": "Bundle", "entry": {}}', b'{"total": 3}',
        json.dumps(OUTCOME).encode(), json.dumps(anc()).encode(), b'{"entry": ' + b"[" * 100_000,
        b'{"resourceType": "Bundle", "entry": [{"resource": {"valueQuantity": {"value": NaN}}}]}',
        json.dumps(OUTCOME | {"entry": ["text"]}).encode(), b'\xff\xfe{"entry": []}',
    ],
)  # fmt: skip
def test_a_page_that_is_no_bundle_is_having_nothing(page: bytes) -> None:
    lost = record_of(neutrophils=page).completeness["neutrophils"]
    assert (lost.extent, lost.reason) == (Extent.UNAVAILABLE, "1 page could not be read")
    partial = record_of(neutrophils=(bundle(anc()), page)).completeness["neutrophils"]
    assert partial.extent is Extent.PARTIAL


def test_bad_text_in_one_entry_does_not_cost_the_others() -> None:
    page = bundle(anc(id="bad", issued="BAD"), anc()).replace(b"BAD", b"\xff")
    record = record_of(neutrophils=page)
    assert [each.source for each in record.results] == ["Observation/anc-1"]
    assert record.completeness["neutrophils"].extent is Extent.PARTIAL


@pytest.mark.parametrize("escape", [b"\\ud800", b"\\u12"])
def test_an_escape_that_is_no_character_costs_the_page_never_more(escape: bytes) -> None:
    record = record_of(neutrophils=(bundle(anc(note="BAD")).replace(b"BAD", escape), bundle(anc(id="2"))))
    assert [each.source for each in record.results] == ["Observation/2"]
    assert record.completeness["neutrophils"].extent is Extent.PARTIAL


def test_pages_may_be_parts_of_a_larger_body() -> None:
    parts = msgspec.json.decode(
        b"[" + bundle(anc()) + b"," + bundle(request(note="kept")) + b"]", type=list[msgspec.Raw]
    )
    data = keys() | {"neutrophils": KeyData("neutrophils", "satisfied", (parts[0],))}
    data |= {"medications": KeyData("medications", "satisfied", (parts[1],))}
    record = read_record("p1", data, (), now=NOW, time_zone=UTC)
    assert len(record.results) == 1
    assert json.loads(record.medications[0].original)["note"] == "kept"


def test_warnings_and_resources_of_another_type_are_no_hits_and_no_loss() -> None:
    page = json.dumps(
        {
            "resourceType": "Bundle",
            "entry": [
                {"resource": OUTCOME, "search": {"mode": "outcome"}},
                {"resource": anc(), "search": {"mode": "match"}},
                {"resource": anc(id="2"), "search": {"mode": "outcome"}},
                {"resource": {"resourceType": "Patient", "id": "p1"}},
                {"resource": {"resourceType": "Device", "status": {"not": "a string"}}},
                {"fullUrl": "https://ehr.example.org/fhir/Observation/gone"},
                {"resource": None},
            ],
        }
    ).encode()
    record = record_of(neutrophils=page)
    assert [each.source for each in record.results] == ["Observation/anc-1"]
    assert record.completeness["neutrophils"].complete
    assert set(record.notes) == {
        "neutrophils: the server sent 1 warning (OperationOutcome) among the results",
        "neutrophils: 3 resources of another type ignored",
    }
