"""Where a request may go within a base: prefetch templates, ``next`` links, references."""

import pytest

from cds_service.fhir.targets import Target, link_target, plan_target, reference_target
from cds_service.fhir.urls import PRODUCTION, UrlRefused, check_base

BASE = check_base("https://ehr.example.org/fhir/r4", PRODUCTION)
PAGE = Target(BASE, "/fhir/r4/Observation?patient=1")

FILLED = (
    ("Patient/1", "/fhir/r4/Patient/1"),
    ("Observation?patient=1&_sort=-date&_count=100", "/fhir/r4/Observation?patient=1&_sort=-date&_count=100"),
    ("Observation?code=http://loinc.org|751-8,a|b", "/fhir/r4/Observation?code=http://loinc.org%7C751-8,a%7Cb"),
    ("Observation?patient=a%26_count%3D0", "/fhir/r4/Observation?patient=a%26_count%3D0"),
    ("Observation?date=ge2026-01-01T00:00:00+01:00", "/fhir/r4/Observation?date=ge2026-01-01T00:00:00%2B01:00"),
    ("Condition?patient=#x y", "/fhir/r4/Condition?patient=%23x%20y"),
)
LINKS = (
    (
        "https://ehr.example.org/fhir/r4?_getpages=abc&_bundletype=searchset",
        "/fhir/r4?_getpages=abc&_bundletype=searchset",
    ),
    ("https://ehr.example.org:443/fhir/r4/Observation?page=2", "/fhir/r4/Observation?page=2"),
    ("HTTPS://EHR.EXAMPLE.ORG/fhir/r4/Observation?page=2", "/fhir/r4/Observation?page=2"),
    ("/fhir/r4/Observation?page=2", "/fhir/r4/Observation?page=2"),
    ("Observation?page=2", "/fhir/r4/Observation?page=2"),
    ("?page=2", "/fhir/r4/Observation?page=2"),
    ("/fhir/r4/?page=2", "/fhir/r4/?page=2"),
    ("https://ehr.example.org/fhir/r4/Observation?code=a|b&x=%7C", "/fhir/r4/Observation?code=a%7Cb&x=%7C"),
)
LEADING_AWAY = (
    "https://evil.example.org/fhir/r4/Observation",
    "http://ehr.example.org/fhir/r4/Observation",
    "https://ehr.example.org:8443/fhir/r4/Observation",
    "https://ehr.example.org.evil.com/fhir/r4/Observation",
    "https://ehr.example.org@evil.com/fhir/r4/Observation",
    "https://evil.com\\@ehr.example.org/fhir/r4/Observation",
    "//evil.com/fhir/r4/Observation",
    "https://ehr.example.org/fhir/r4evil/Observation",
    "https://ehr.example.org/fhir/r4/../../admin",
    "https://ehr.example.org/fhir/r4/%2e%2e/admin",
    "https://ehr.example.org/fhir/r4/..%2fadmin",
    "https://ehr.example.org/fhir",
    "https://ehr.example.org",
    "../r4/Observation?page=2",
    "../../admin?code=http://loinc.org",
    "Observation?page=2#x",
    "Observation? page=2",
    "javascript:alert(1)",
    "",
)


@pytest.mark.parametrize(("filled", "path"), FILLED)
def test_a_template_is_encoded_once(filled: str, path: str) -> None:
    assert plan_target(BASE, filled).path == path


@pytest.mark.parametrize(
    "filled", ["Patient/..", "Patient/1/../../x", "../admin", "/Patient/1", "patient?x=1", "Patient/"]
)
def test_a_template_that_is_no_search_and_no_read_is_refused(filled: str) -> None:
    with pytest.raises(UrlRefused):
        plan_target(BASE, filled)


@pytest.mark.parametrize(("link", "path"), LINKS)
def test_a_next_link_within_the_base_is_followed(link: str, path: str) -> None:
    assert link_target(PAGE, link) == Target(BASE, path)


@pytest.mark.parametrize("link", LEADING_AWAY)
def test_a_next_link_that_leads_away_is_not(link: str) -> None:
    with pytest.raises(UrlRefused):
        link_target(PAGE, link)


def test_a_base_without_a_path_covers_its_whole_server() -> None:
    root = check_base("https://ehr.example.org", PRODUCTION)
    assert link_target(Target(root, "/Observation"), "https://ehr.example.org?page=2").path == "/?page=2"
    assert reference_target(root, "https://ehr.example.org/Medication/1").path == "/Medication/1"


@pytest.mark.parametrize(
    "reference", ["Medication/m-1", "Medication/m-1/_history/2", "https://ehr.example.org/fhir/r4/Medication/m-1"]
)
def test_a_literal_reference_is_read_in_its_current_version(reference: str) -> None:
    assert reference_target(BASE, reference).path == "/fhir/r4/Medication/m-1"


@pytest.mark.parametrize(
    "reference",
    [
        "#contained",
        "urn:uuid:6f0f",
        "Medication?identifier=1",
        "Medication/..",
        "https://ehr.example.org/fhir/r4",
        "https://other.example.org/fhir/r4/Medication/m-1",
        "",
    ],
)
def test_other_references_are_not_read(reference: str) -> None:
    with pytest.raises(UrlRefused):
        reference_target(BASE, reference)
