"""Notes that say how sure a fact is: what they are read as, and that no note can break the reading."""

import json
from typing import Any

import pytest

from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.remarks import Certainty, Remark, remark_of, remarks_of

STATED, APPROXIMATE, INFERRED = Certainty


@pytest.mark.parametrize(
    ("note", "certainty", "day_open", "number_open"),
    [
        ("stated: before the first dose", STATED, False, False),
        ("stated", STATED, False, False),
        ("stated: the nadir of the first reintroduction; the day is inferred", STATED, True, False),
        ('approximate: the count is stated, "by day 4" is not an exact day', APPROXIMATE, True, False),
        ('approximate: "stable around 2000-3000"; the day is inferred', APPROXIMATE, True, False),
        ("inferred: the count is stated, the day is taken to be day 10", INFERRED, True, False),
        ('inferred: "normalized within 2 days", no number; only "1.5 or above" is known', INFERRED, False, True),
        ("inferred: the day and the dose of the reintroduction are not stated", INFERRED, True, True),
        ("Inferred; from the letter", INFERRED, False, True),
    ],
)
def test_a_note(note: str, certainty: Certainty, day_open: bool, number_open: bool) -> None:
    assert remark_of(note) == Remark(certainty, note, day_open, number_open)


@pytest.mark.parametrize(
    "note", ["", "manual differential pending", "Estimated by the analyser", "statedly", "the patient stated pain"]
)
def test_a_note_of_another_kind_says_nothing(note: str) -> None:
    assert remark_of(note) is None


def test_a_long_note_is_cut_and_its_line_breaks_are_blanks() -> None:
    remark = remark_of("inferred:\n" + "x " * 300)
    assert remark is not None
    assert len(remark.text) == 200
    assert remark.text.startswith("inferred: x x")


def test_notes_are_found_by_resource_and_the_first_that_says_it_counts() -> None:
    resources = [
        {"resourceType": "Observation", "id": "a", "note": [{"text": "clotted"}, {"text": "approximate: about"}]},
        {"resourceType": "MedicationRequest", "id": "m", "note": [{"text": "inferred: the days are not stated"}]},
        {"resourceType": "Observation", "id": "plain"},
    ]
    found = remarks_of([_data(_bundle(resources))])
    assert {source: remark.certainty for source, remark in found.items()} == {
        "Observation/a": APPROXIMATE,
        "MedicationRequest/m": INFERRED,
    }


@pytest.mark.parametrize(
    "page",
    [
        b"{}",
        b'{"note": ',
        b'["note"]',
        b'{"resourceType": "Bundle", "entry": "note"}',
        b'{"resourceType": "Bundle", "entry": [1, {"resource": "note"}, {"note": null}]}',
        b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation", "note": "stated"}}]}',
        b'{"entry": [{"resource": {"resourceType": "Observation", "note": [{"text": "stated"}]}}]}',
        b'{"resourceType": "Bundle", "entry": [{"resource": {"id": "a", "note": [{"text": 1}]}}]}',
    ],
)
def test_what_is_malformed_or_nameless_has_no_remark(page: bytes) -> None:
    assert remarks_of([_data(page)]) == {}


def test_one_bad_entry_does_not_cost_the_others() -> None:
    good = {"resourceType": "Observation", "id": "a", "note": [{"text": "stated"}]}
    page = json.dumps({"resourceType": "Bundle", "entry": ["bad", {"resource": good}]}).encode()
    assert remarks_of([_data(page)]) == {"Observation/a": Remark(STATED, "stated")}


def _bundle(resources: list[dict[str, Any]]) -> bytes:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}).encode()


def _data(page: bytes) -> KeyData:
    return KeyData("neutrophils", "satisfied", (page,))
