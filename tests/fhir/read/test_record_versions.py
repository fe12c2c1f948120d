"""Resources that are sent more than once: the later version counts, and what contradicts itself is never complete."""

import json

import pytest

from cds_service.clinical.record import Completeness, Extent
from tests.fhir.read.sheet import ME, Json, anc, bundle, coded, quantity, record_of, request, rxnorm


def test_the_same_resource_on_two_pages_and_under_two_keys_is_one() -> None:
    record = record_of(neutrophils=(bundle(anc()), bundle(anc())), labs=bundle(anc()))
    assert len(record.results) == 1


EARLIER, LATER = "2026-11-22T01:00:00Z", "2026-11-22T02:00:00Z"


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({"lastUpdated": EARLIER}, {"lastUpdated": LATER}, 2.0),
        ({"lastUpdated": LATER}, {"lastUpdated": EARLIER}, 1.0),
        ({"lastUpdated": EARLIER, "versionId": "9"}, {"lastUpdated": LATER, "versionId": "8"}, 2.0),
        ({"lastUpdated": LATER, "versionId": "9"}, {"lastUpdated": LATER, "versionId": "10"}, 2.0),
        ({"versionId": "9"}, {"versionId": "10"}, 2.0),
        ({"versionId": "10"}, {"versionId": "9"}, 1.0),
    ],
)
def test_of_two_versions_the_later_one_counts(first: Json, second: Json, kept: float) -> None:
    one = anc(meta=first, valueQuantity=quantity(1.0))
    other = anc(meta=second, valueQuantity=quantity(2.0))
    record = record_of(neutrophils=bundle(one, other))
    assert [float(str(each.value)) for each in record.results] == [kept]
    assert record.completeness["neutrophils"].complete


UNTOLD = [
    (None, None),
    ({}, {}),
    ({"lastUpdated": LATER}, {"lastUpdated": LATER}),
    ({"lastUpdated": LATER}, {"lastUpdated": "2026-11-22T04:00:00+02:00"}),
    ({"versionId": "2"}, {"versionId": "2"}),
    ({"versionId": "x"}, {"versionId": "y"}),
    (None, {"versionId": "2"}),
    ({"lastUpdated": LATER}, None),
    ({"lastUpdated": LATER}, {"versionId": "9"}),
    ({"lastUpdated": "?"}, {"lastUpdated": LATER}),
]


@pytest.mark.parametrize("values", [(1.0, 2.0), (2.0, 1.0)])
@pytest.mark.parametrize(("first", "second"), UNTOLD)
def test_two_versions_of_which_none_is_known_to_be_later_both_count_and_are_never_complete(
    first: Json | None, second: Json | None, values: tuple[float, float]
) -> None:
    one, other = (
        anc(meta=meta, valueQuantity=quantity(value)) for meta, value in zip((first, second), values, strict=True)
    )
    record = record_of(neutrophils=bundle(one, other))
    assert [float(str(each.value)) for each in record.results] == [1.0, 2.0]
    reason = "came twice, with different content and no later version: Observation/anc-1"
    assert record.completeness["neutrophils"] == Completeness(Extent.PARTIAL, reason)


@pytest.mark.parametrize(("first", "second"), UNTOLD)
def test_two_versions_that_say_the_same_are_one(first: Json | None, second: Json | None) -> None:
    one, other = (anc(meta=meta, valueQuantity=quantity(1.0)) for meta in (first, second))
    reordered = json.dumps(dict(reversed(other.items())) | {"note": [{"text": "unread"}]}, indent=1)
    page = f'{{"resourceType": "Bundle", "entry": [{{"resource": {reordered.replace("1.0", "1.00")}}}]}}'.encode()
    record = record_of(neutrophils=bundle(one), labs=page)
    assert len(record.results) == 1
    assert record.completeness["neutrophils"].complete


def test_a_version_that_is_out_of_date_contradicts_nothing() -> None:
    versions = [anc(meta={"versionId": str(each)}, valueQuantity=quantity(each)) for each in (1, 3, 2, 3, 1)]
    record = record_of(neutrophils=bundle(*versions))
    assert [str(each.value) for each in record.results] == ["3"]
    assert record.completeness["neutrophils"].complete


@pytest.mark.parametrize(
    ("neutrophils", "labs"),
    [
        ((bundle(anc()), bundle(anc(valueQuantity=quantity(4.4)))), b""),
        (bundle(anc()), bundle(anc(valueQuantity=quantity(4.4)))),
        ((), bundle(anc(), anc(valueQuantity=quantity(4.4)))),
        (bundle(anc(), anc(status="entered-in-error")), b""),
        (bundle(anc(), anc(code=coded("2951-2"))), b""),
        (bundle(anc(), anc(subject={"reference": "Patient/p2"})), b""),
        (bundle(anc(), anc(effectiveDateTime="2020-01-01")), b""),
    ],
)
def test_counts_that_contradict_one_another_spoil_the_counts_wherever_they_came(
    neutrophils: bytes | tuple[bytes, ...], labs: bytes
) -> None:
    record = record_of(neutrophils=neutrophils, labs=labs or ())
    assert not record.completeness["neutrophils"].complete
    assert any(each.value is not None for each in record.results)


def test_other_labs_that_contradict_one_another_leave_the_counts_complete() -> None:
    record = record_of(
        neutrophils=bundle(anc()),
        labs=bundle(*(anc(id="2", code=coded("777-3"), issued=each) for each in (EARLIER, LATER))),
    )
    assert record.completeness["neutrophils"].complete
    assert "came twice" in record.completeness["labs"].reason


ASPIRIN: Json = {"medicationCodeableConcept": rxnorm("1191", "aspirin")}


@pytest.mark.parametrize("changes", [{"status": "stopped"}, {"status": "cancelled"}, ASPIRIN])
def test_orders_that_contradict_one_another_both_count_and_none_is_proposed_to_be_changed(changes: Json) -> None:
    record = record_of(medications=bundle(request(), request(**changes)))
    assert record.completeness["medications"].reason.endswith("no later version: MedicationRequest/mr-1")
    assert {each.drug.name for each in record.medications} == {"anakinra"}
    assert {each.original for each in record.medications} == {b""}


def test_orders_of_no_interest_may_contradict_one_another() -> None:
    record = record_of(medications=bundle(request(**ASPIRIN), request(**ASPIRIN, status="stopped")))
    assert record.completeness["medications"].complete


def test_conditions_that_contradict_one_another_both_stay() -> None:
    fever = {
        "resourceType": "Condition",
        "id": "c",
        "subject": ME,
        "code": coded("R50.9", "http://hl7.org/fhir/sid/icd-10-cm"),
    }
    record = record_of(conditions=bundle(fever, fever | {"verificationStatus": coded("refuted", "x")}))
    assert len(record.conditions) == 1
    assert "came twice" in record.completeness["conditions"].reason


def test_resources_without_an_id_all_stay_and_are_told_apart() -> None:
    record = record_of(neutrophils=bundle(anc(id=None), anc(id=None)))
    assert [each.source for each in record.results] == ["Observation without id (0)", "Observation without id (1)"]


def test_resources_without_an_id_at_one_place_of_two_pages_are_two() -> None:
    low, normal = (bundle(anc(id=None, valueQuantity=quantity(each))) for each in (0.4, 4.4))
    for pages in ({"neutrophils": (normal, low)}, {"neutrophils": normal, "labs": low}):
        assert sorted(str(each.value) for each in record_of(**pages).results) == ["0.4", "4.4"]
