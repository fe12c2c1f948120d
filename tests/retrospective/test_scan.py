"""Whom an export is read for, what is kept of them, and what is told of lines that cannot be read."""

import json
import random
import tracemalloc
from pathlib import Path

import pytest

from cds_service.retrospective import concern
from cds_service.retrospective.scan import Export
from tests.retrospective.exports import (
    VIEW,
    Json,
    by_type,
    condition,
    count,
    faults_of,
    in_one_file,
    order,
    patient,
    read_from,
)

BY_REFERENCE: Json = {"medicationCodeableConcept": None, "medicationReference": {"reference": "Medication/m1"}}
ANAKINRA: Json = {"coding": [{"system": "http://www.whocc.no/atc", "code": "L04AC03"}]}
MEDICATION: Json = {"resourceType": "Medication", "id": "m1", "code": ANAKINRA}
OTHER: Json = {"resourceType": "Medication", "id": "m1", "code": {"text": "aspirin"}}
WHOLE = [
    patient("p1"),
    patient("p2"),
    order(whose="p1"),
    order("aspirin", "order-2", whose="p1"),
    order("aspirin", "order-3", whose="p2"),
    count(0.96, "2026-11-20T08:00:00Z", whose="p1"),
    count(4.2, "2026-11-20T08:00:00Z", "anc-2", whose="p2"),
    condition(whose="p1"),
    {"resourceType": "Encounter", "id": "e1", "subject": {"reference": "Patient/p1"}},
]


def names(export: Export, whose: str = "p1") -> list[str]:
    dossier = export.dossiers[whose]
    dossier.sort()
    return [each.name for each in dossier.items]


def test_whose_lines_are_kept(tmp_path: Path) -> None:
    export = read_from(by_type(tmp_path, WHOLE))
    assert list(export.dossiers) == ["p1"]
    assert sorted(names(export)) == [
        "Condition/c1",
        "MedicationRequest/order-1",
        "MedicationRequest/order-2",
        "Observation/anc-1",
    ]
    assert export.lines == {"Patient": 2, "MedicationRequest": 3, "Observation": 2, "Condition": 1, "Encounter": 1}
    assert faults_of(export) == []


REFERENCES = ["Patient/p1", "https://ehr.example.org/fhir/Patient/p1", "Patient/p1/_history/3", "urn:uuid:p1"]


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("of", ["order", "count", "both"])
def test_a_patient_by_any_reference(reference: str, of: str, tmp_path: Path) -> None:
    subject = {"subject": {"reference": reference}}
    ordered = order(**(subject if of != "count" else {}))
    counted = count(0.96, "2026-11-20T08:00:00Z", **(subject if of != "order" else {}))
    export = read_from(by_type(tmp_path, [patient(), ordered, counted]))
    assert names(export) == ["Observation/anc-1", "MedicationRequest/order-1"]


WHO = [
    ("anakinra", VIEW, {}, True),
    ("tocilizumab", VIEW, {}, True),
    ("etanercept", VIEW, {}, False),
    ("methotrexate", VIEW, {}, False),
    ("aspirin", VIEW, {}, False),
    ("anakinra", VIEW, {"status": "stopped"}, True),
    ("anakinra", VIEW, {"status": "entered-in-error"}, False),
    ("anakinra", VIEW, {"intent": "proposal"}, False),
    ("anakinra", VIEW, {"status": "bogus"}, True),
    ("anakinra", VIEW, {"dosageInstruction": 7}, True),
    ("anakinra", "order-sign", {}, True),
    ("etanercept", "order-sign", {}, True),
    ("methotrexate", "order-sign", {}, True),
    ("aspirin", "order-sign", {}, False),
    ("aspirin", VIEW, {"medicationCodeableConcept": {"text": "Kineret 100 mg"}}, True),
    ("aspirin", VIEW, {"medicationCodeableConcept": {"coding": [{"system": "urn:local", "code": "17"}]}}, True),
    ("aspirin", VIEW, {"medicationCodeableConcept": None}, True),
    ("aspirin", VIEW, {"medicationCodeableConcept": 7}, True),
    ("aspirin", VIEW, {"medicationReference": 7}, True),
    ("aspirin", VIEW, BY_REFERENCE, True),
    ("aspirin", VIEW, {**BY_REFERENCE, "medicationReference": {"reference": "Medication/m1", "display": "x"}}, False),
]


@pytest.mark.parametrize(("drug", "hook", "more", "concerned"), WHO)
def test_which_orders_concern_us(drug: str, hook: str, more: Json, concerned: bool, tmp_path: Path) -> None:
    """What cannot be read, or names no drug, could be ours."""
    export = read_from(by_type(tmp_path, [patient(), order(drug, **more)]), hook)
    assert list(export.dossiers) == (["p1"] if concerned else [])


@pytest.mark.parametrize(("medication", "concerned"), [(MEDICATION, True), (OTHER, False)])
@pytest.mark.parametrize("layout", ["by type", "medication first", "medication last"])
def test_an_order_of_a_medication_in_another_place(
    medication: Json, concerned: bool, layout: str, tmp_path: Path
) -> None:
    told = [patient(), order(**BY_REFERENCE)]
    if layout == "by type":
        export = read_from(by_type(tmp_path, [*told, medication]))
    else:
        export = read_from(
            in_one_file(tmp_path, *([medication, *told] if layout == "medication first" else [*told, medication]))
        )
    assert list(export.dossiers) == (["p1"] if concerned else [])
    if concerned:
        assert [json.loads(each) for each in export.dossiers["p1"].medications] == [medication]


def test_an_order_that_cannot_be_read_is_kept_for_the_service_to_judge(tmp_path: Path) -> None:
    assert names(read_from(by_type(tmp_path, [order(medicationReference=7)]))) == ["MedicationRequest"]


def test_a_broken_line_among_the_medications(tmp_path: Path) -> None:
    folder = in_one_file(tmp_path, b"{", MEDICATION, OTHER | {"id": "m2"}, name="Medication.ndjson")
    export = read_from(by_type(folder, [order(**BY_REFERENCE)]))
    assert [json.loads(each) for each in export.dossiers["p1"].medications] == [MEDICATION]
    assert faults_of(export) == ["Medication.ndjson, line 1: not JSON"]


def test_more_drugs_than_are_kept_in_mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concern, "_MOST_KEPT", 1)
    orders = [order(drug, str(number), f"p{number}") for number, drug in enumerate(("aspirin", "anakinra") * 3)]
    assert list(read_from(by_type(tmp_path, orders)).dossiers) == ["p1", "p3", "p5"]


def test_a_contained_medication(tmp_path: Path) -> None:
    inside = {"contained": [MEDICATION], "medicationReference": {"reference": "#m1"}, "medicationCodeableConcept": None}
    assert list(read_from(by_type(tmp_path, [order(**inside)])).dossiers) == ["p1"]


def test_the_order_of_lines_and_files_makes_no_difference(tmp_path: Path) -> None:
    resources = [*WHOLE, MEDICATION, order(id_="order-9", **BY_REFERENCE)]
    wanted = read_from(by_type(tmp_path / "by-type", resources))
    for seed in range(20):
        shuffled = random.Random(seed).sample(resources, len(resources))
        middle = random.Random(seed).randrange(len(resources))
        folder = in_one_file(tmp_path / str(seed), *shuffled[:middle], name="a.ndjson")
        in_one_file(folder, *shuffled[middle:], name="b.ndjson")
        found = read_from(folder)
        assert names(found) == names(wanted)
        assert found.dossiers["p1"].medications == wanted.dossiers["p1"].medications
        assert (found.lines, faults_of(found)) == (wanted.lines, [])


def test_only_what_a_search_would_find_is_kept(tmp_path: Path) -> None:
    other = count(
        4.5, "2026-11-20T08:00:00Z", "potassium", code={"coding": [{"system": "http://loinc.org", "code": "2823-3"}]}
    )
    panel = count(4.5, "2026-11-20T08:00:00Z", "panel", code={"coding": [{"code": "57021-8"}]})
    export = read_from(by_type(tmp_path, [order(), other, panel]))
    assert names(export) == ["Observation/panel", "MedicationRequest/order-1"]
    assert export.dossiers["p1"].items[0].keys == ("neutrophils",)


def test_a_type_without_a_line_was_exported_if_a_file_bears_its_name(tmp_path: Path) -> None:
    folder = by_type(tmp_path, [order()])
    assert "Condition" not in read_from(folder).types
    (folder / "3.Condition.000.ndjson").write_bytes(b"")
    assert "Condition" in read_from(folder).types


def test_the_memory_it_takes_does_not_grow_with_the_export(tmp_path: Path) -> None:
    folder = by_type(tmp_path, WHOLE)
    crowd = (count(4.2, "2026-11-20T08:00:00Z", str(number), f"other-{number}") for number in range(1_000))
    lines = b"".join(json.dumps(each).encode() + b"\n" for each in crowd)
    with (folder / "Observation.2.ndjson").open("wb") as out:
        for _ in range(60):
            out.write(lines)
    tracemalloc.start()
    try:
        export = read_from(folder)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert export.lines["Observation"] == 60_002
    assert (folder / "Observation.2.ndjson").stat().st_size > 15_000_000
    assert most < 4_000_000
