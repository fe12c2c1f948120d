"""Draft orders, as lenient as clients need."""

import json

import pytest

from cds_service.fhir.read import decode_medication, read_drafts
from tests.fhir.read.drafts import BY_REFERENCE, MEDICATION, draft, drafted
from tests.fhir.read.sheet import Json, bundle, keys, request

LONG = "a" * 100

# What the public CDS Hooks sandbox sends: no type, no fullUrl, a category that is an object, text beside one coding.
SANDBOX_ORDER: Json = {
    "resourceType": "MedicationRequest",
    "id": "request-123",
    "status": "draft",
    "subject": {"reference": "Patient/p1"},
    "intent": "order",
    "category": {"coding": [{"code": "community"}]},
    "medicationCodeableConcept": {
        "text": "Clozapine 100 MG Oral Tablet",
        "coding": [
            {
                "display": "Clozapine 100 MG Oral Tablet",
                "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                "code": "197535",
            }
        ],
    },
}


def test_the_sandbox_order_is_read() -> None:
    only = draft(SANDBOX_ORDER, ["MedicationRequest/request-123"])
    assert only.drug is not None
    assert (only.drug.name, only.drug.matched.value) == ("clozapine", "matched by name")
    assert (only.source, only.selected, only.ends, only.unidentified) == (
        "MedicationRequest/request-123",
        True,
        False,
        "",
    )
    assert json.loads(only.original) == SANDBOX_ORDER


def test_the_sandboxs_first_call_names_no_medication_and_that_is_no_fault() -> None:
    only = draft({name: SANDBOX_ORDER[name] for name in ("resourceType", "id", "status", "subject")})
    assert (only.drug, only.unidentified) == (None, "")


@pytest.mark.parametrize(
    ("selections", "selected"),
    [
        (None, "mr-1 mr-2"),
        ([], ""),
        (["MedicationRequest/mr-1"], "mr-1"),
        (["https://ehr.example.org/fhir/MedicationRequest/mr-1"], "mr-1"),
        (["MedicationRequest/mr-1/_history/2"], "mr-1"),
        (["mr-1"], "mr-1"),
        (["urn:uuid:full-mr-1"], "mr-1"),
        (["Medication/med"], ""),
        # one that points to nothing may have meant any of them
        (["MedicationRequest/mr-11"], "mr-1 mr-2"),
        (["ServiceRequest/mr-1"], "mr-1 mr-2"),
        (["MedicationRequest/mr-1", "MedicationRequest/MR-2"], "mr-1 mr-2"),
        ([""], "mr-1 mr-2"),
    ],
)
def test_a_selection_by_reference(selections: list[str] | None, selected: str) -> None:
    entries = [{"resource": request(id=each), "fullUrl": f"urn:uuid:full-{each}"} for each in ("mr-1", "mr-2")]
    entries.append({"resource": MEDICATION | {"id": "med"}, "fullUrl": "urn:uuid:med"})
    drafts = read_drafts(json.dumps({"resourceType": "Bundle", "entry": entries}).encode(), selections, "p1")
    assert [each.source.partition("/")[2] for each in drafts if each.selected] == selected.split()


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        ("draft", False),
        ("active", False),
        (None, False),
        ("stopped", True),
        ("on-hold", True),
        ("cancelled", True),
        ("completed", True),
        ("entered-in-error", True),
    ],
)
def test_an_entry_that_ends_an_order_proposes_none(status: str | None, ends: bool) -> None:
    assert draft(request(status=status)).ends is ends


def test_do_not_give_is_no_proposal() -> None:
    assert drafted(doNotPerform=True).ends


def test_a_draft_about_another_patient_is_foreign() -> None:
    assert drafted(subject={"reference": "Patient/p2"}).foreign
    assert not drafted(subject={"reference": "https://ehr.example.org/fhir/Patient/p1/_history/1"}).foreign
    assert not drafted(subject=None).foreign


@pytest.mark.parametrize(
    ("changes", "entry", "source"),
    [
        ({"id": LONG}, {}, f"MedicationRequest/{LONG}"),
        ({"id": None}, {"fullUrl": "urn:uuid:0001"}, "urn:uuid:0001"),
        ({"id": None}, {}, "MedicationRequest (entry 1 of draftOrders)"),
    ],
)
def test_a_draft_is_named_whatever_its_id(changes: Json, entry: Json, source: str) -> None:
    assert draft(request(**changes), **entry).source == source


def test_other_orders_are_drafts_without_a_drug() -> None:
    only = draft({"resourceType": "ServiceRequest", "id": "s1", "status": "draft"}, ["ServiceRequest/s1"])
    assert (only.source, only.drug, only.selected) == ("ServiceRequest/s1", None, True)


def test_a_medication_is_looked_for_in_the_drafts_on_file_and_among_those_read() -> None:
    read = decode_medication(json.dumps(MEDICATION).encode())
    assert read is not None
    for answer in (
        read_drafts(bundle(BY_REFERENCE, MEDICATION), None, "p1"),
        read_drafts(bundle(BY_REFERENCE), None, "p1", keys=keys(medications=bundle(MEDICATION))),
        read_drafts(bundle(BY_REFERENCE), None, "p1", extra_medications={"Medication/m": read}),
    ):
        (only,) = answer
        assert only.drug is not None
        assert only.drug.name == "tocilizumab"


def test_no_draft_orders_and_no_entries_are_no_drafts() -> None:
    assert read_drafts(None, None, "p1") == ()
    assert read_drafts(b'{"resourceType": "Bundle"}', ["x"], "p1") == ()
    assert read_drafts(b'{"entry": []}', None, "p1") == ()
