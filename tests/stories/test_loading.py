"""What the real FHIR server holds after loading: the searches an EHR makes for our prefetch find the stories."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cds_service import stories
from cds_service.cli.main import run
from cds_service.ehr.client import place
from tests.stories.conftest import Loaded

Search = Callable[[str], dict[str, Any]]


@pytest.fixture
def search(real_server: Loaded) -> Search:
    def ask(path: str) -> dict[str, Any]:
        answer = place("--fhir", real_server.base).get(path)
        assert answer.ok, answer.body
        return dict(answer.json)

    return ask


def ids(bundle: dict[str, Any]) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


@pytest.mark.parametrize("name", stories.names())
def test_every_resource_of_a_story_is_found_by_its_patient(name: str, real_server: Loaded, search: Search) -> None:
    story = real_server.stories[name]
    for kind in ("MedicationRequest", "Observation", "Condition"):
        held = [
            each["id"]
            for each in story.resources
            if each["resourceType"] == kind
            and each.get("subject", {}).get("reference") == f"Patient/{story.patient_id}"
        ]
        assert sorted(ids(search(f"{kind}?patient={story.patient_id}&_count=200"))) == sorted(held)


def test_counts_come_latest_first_and_in_pages(real_server: Loaded, search: Search) -> None:
    story = real_server.stories["case-1-b-day-4"]
    codes = "http://loinc.org|751-8,http://loinc.org|6690-2"
    first = search(f"Observation?patient={story.patient_id}&code={codes}&_sort=-date&_count=1")
    assert len(ids(first)) == 1
    (following,) = [link["url"] for link in first["link"] if link["relation"] == "next"]
    second = search(following.removeprefix(real_server.base + "/"))
    dates = [page["entry"][0]["resource"]["effectiveDateTime"] for page in (first, second)]
    assert dates == sorted(dates, reverse=True)


def test_the_stories_are_as_old_as_written(real_server: Loaded) -> None:
    for name, loaded in real_server.stories.items():
        written = stories.read(name)
        assert loaded.today == real_server.now
        assert (real_server.now - written.today) % timedelta(days=1) == timedelta()


def test_load_says_what_it_loaded(real_server: Loaded, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "--fhir", real_server.base, "--story", "case-1-b-day-4"]) == 0
    assert capsys.readouterr().out == f"1 story is at {real_server.base}: case-1-b-day-4 (Patient/case1b)\n"
    # What other tests rely on is put back.
    story = real_server.stories["case-1-b-day-4"]
    assert place("--fhir", real_server.base).post("", story.bundle).ok


def test_a_story_the_server_refuses_is_named(
    real_server: Loaded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = json.loads(json.dumps(stories.read("case-1-b-day-4").bundle))
    broken["entry"][0]["resource"]["bogus"] = 1
    story = stories.read("case-1-b-day-4")
    monkeypatch.setattr(stories, "read", lambda name: stories.Story(name, broken, story.hook, story.expected))
    assert run(["load", "--fhir", real_server.base, "--story", "case-1-b-day-4"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("Error: The FHIR server refused the story case-1-b-day-4: HTTP 400: ")
    assert "bogus" in said
