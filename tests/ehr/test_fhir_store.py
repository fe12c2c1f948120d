"""The EHR's FHIR server in memory: what it finds, in which order, a page at a time, strict or lenient."""

import json
import urllib.request

import pytest

from cds_service.ehr.fhir_server import Asked, serving
from cds_service.ehr.fhir_store import FhirStore


def observation(identifier: str, patient: str, code: str, date: str | None) -> dict[str, object]:
    found = {
        "resourceType": "Observation",
        "id": identifier,
        "subject": {"reference": f"Patient/{patient}"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
    }
    return found | ({"effectiveDateTime": date} if date else {})


RESOURCES = [
    {"resourceType": "Patient", "id": "p1"},
    {"resourceType": "AllergyIntolerance", "id": "a1", "patient": {"reference": "Patient/p1"}},
    observation("o1", "p1", "751-8", "2026-11-01"),
    observation("o2", "p1", "6690-2", "2026-11-03T08:00:00Z"),
    observation("o3", "p2", "751-8", "2026-11-02"),
    observation("o4", "p1", "751-8", None),
]


def found(store: FhirStore, path: str) -> list[str]:
    status, bundle = store.get(path)
    assert status == 200, bundle
    return [each["resource"]["id"] for each in bundle.get("entry", [])]


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("Observation?patient=p1", ["o1", "o2", "o4"]),
        ("Observation?subject=Patient/p1", ["o1", "o2", "o4"]),
        ("Observation?patient=p1&_sort=-date", ["o2", "o1", "o4"]),
        ("Observation?patient=p1&code=751-8,718-7", ["o1", "o4"]),
        ("Observation?patient=p1&code=http://loinc.org|6690-2", ["o2"]),
        ("Observation?patient=p1&code=urn:x|6690-2", []),
        ("AllergyIntolerance?patient=p1", ["a1"]),
        ("Patient?_id=p1", ["p1"]),
        ("Patient?_id=p2", []),
        ("Patient", ["p1"]),
    ],
)
def test_searches(path: str, ids: list[str]) -> None:
    assert found(FhirStore(RESOURCES), path) == ids


def test_a_strict_store_refuses_what_it_does_not_know_and_a_lenient_one_passes_over_it() -> None:
    path = "Observation?patient=p1&category=laboratory&_count=many&_sort=-status"

    assert FhirStore(RESOURCES).get(path)[0] == 400
    assert found(FhirStore(RESOURCES, strict=False), path) == ["o1", "o2", "o4"]


@pytest.mark.parametrize(
    ("path", "status"), [("Patient/p1", 200), ("Patient/p9", 404), ("metadata", 200), ("http://[", 400)]
)
def test_reads(path: str, status: int) -> None:
    assert FhirStore(RESOURCES).get(path)[0] == status


def test_over_http_page_by_page_with_what_was_asked() -> None:
    asked: list[Asked] = []
    pages = []
    with serving(FhirStore(RESOURCES, page_size=2), asked) as base:
        url = f"{base}/Observation?patient=p1"
        while url:
            request = urllib.request.Request(url, headers={"Authorization": "Bearer t"})
            with urllib.request.urlopen(request) as answer:
                bundle = json.load(answer)
            pages.append([each["resource"]["id"] for each in bundle["entry"]])
            url = next((each["url"] for each in bundle.get("link", ())), "")

    assert pages == [["o1", "o2"], ["o4"]]
    assert asked[0] == Asked("Observation?patient=p1", "Bearer t")
    assert len(asked) == 2


def test_a_search_by_post() -> None:
    with serving(FhirStore(RESOURCES)) as base:
        request = urllib.request.Request(f"{base}/Observation/_search", data=b"patient=p1&code=6690-2")
        with urllib.request.urlopen(request) as answer:
            assert [each["resource"]["id"] for each in json.load(answer)["entry"]] == ["o2"]
