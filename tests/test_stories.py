"""Reading a story and moving its dates; and what every story in the project must keep to."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cds_service import data_files, stories
from cds_service.errors import ContentError
from cds_service.stories import Story

TODAY = "2026-11-22T08:14:00Z"
LATER = datetime(2027, 3, 1, 20, 14, 30, 999, tzinfo=UTC)  # 99 days and 12 hours later; 99 calendar days


def story(**value: object) -> Story:
    hook = {"hook": "patient-view", "context": {"patientId": "p1"}}
    return Story("x", {"entry": [{"resource": value}]}, hook, {"today": TODAY})


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("2026-11-20", "2027-02-27"),
        ("2026-11-22T08:14:00Z", "2027-03-01T20:14:30Z"),
        ("2026-11-20T08:10:00Z", "2027-02-27T20:10:30Z"),
        ("2026-11-20T08:10:00.250Z", "2027-02-27T20:10:30.250000Z"),
        ("2026-11-20T09:10:00+01:00", "2027-02-27T21:10:30+01:00"),
        ("2026-11-20T08:10:00+00:00", "2027-02-27T20:10:30+00:00"),
        ("2026-11", "2026-11"),
        ("2026", "2026"),
        ("Observation/2026-11-20", "Observation/2026-11-20"),
        ("seen on 2026-11-20", "seen on 2026-11-20"),
    ],
)
def test_dates_move_with_today(written: str, moved: str) -> None:
    (resource,) = stories.shifted(story(effective=[{"at": written}], value=1.5, flag=True), LATER).resources
    assert resource == {"effective": [{"at": moved}], "value": 1.5, "flag": True}


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("last 1.2 on 20 Nov 2026.", "last 1.2 on 27 Feb 2027."),
        ("held since 1 Nov 2026, last on 2026-11-05", "held since 8 Feb 2027, last on 2027-02-12"),
        ("ANC 0.96 on anakinra", "ANC 0.96 on anakinra"),
        (TODAY, "2027-03-01T20:14:30Z"),
    ],
)
def test_dates_in_expected_texts_move_by_whole_days(written: str, moved: str) -> None:
    given = story()
    given.expected["cards"] = [{"summary": written}]
    assert stories.shifted(given, LATER).expected["cards"] == [{"summary": moved}]


def test_the_moved_story_is_a_new_one() -> None:
    given = story(date="2026-11-20")
    moved = stories.shifted(given, LATER)
    assert moved.today == LATER.replace(microsecond=0)
    assert given.resources == [{"date": "2026-11-20"}]
    assert (moved.name, moved.hook_name, moved.patient_id) == ("x", "patient-view", "p1")


def test_at_the_same_time_of_day_every_date_moves_alike() -> None:
    now = stories.same_time_of_day(story(), date(2027, 3, 1))
    assert now == datetime(2027, 3, 1, 8, 14, tzinfo=UTC)
    (resource,) = stories.shifted(story(day="2026-11-20", instant="2026-11-20T23:59:00Z"), now).resources
    assert resource == {"day": "2027-02-27", "instant": "2027-02-27T23:59:00Z"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A story folder "x" of its own, complete."""
    monkeypatch.setattr(stories, "stories_folder", lambda: tmp_path)
    (tmp_path / "x").mkdir()
    contents = {
        "bundle.json": {"resourceType": "Bundle"},
        "hook.json": {"hook": "patient-view", "context": {"patientId": "p1"}},
        "expected.json": {"today": TODAY},
    }
    for name, content in contents.items():
        (tmp_path / "x" / name).write_text(json.dumps(content))
    return tmp_path / "x"


def test_reading(folder: Path) -> None:
    (folder.parent / "notes.txt").write_text("no story")
    assert stories.names() == ["x"]
    assert [each.resources for each in stories.read_all()] == [[]]


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("bundle.json", None, "fhir_fixtures/x/bundle.json is missing."),
        ("hook.json", "{", "fhir_fixtures/x/hook.json is not JSON: "),
        ("hook.json", "[]", "fhir_fixtures/x/hook.json must be a JSON object."),
        ("hook.json", '{"context": {"patientId": "1"}}', "fhir_fixtures/x/hook.json: hook is missing."),
        ("hook.json", '{"hook": "patient-view"}', "fhir_fixtures/x/hook.json: context.patientId is missing."),
        ("expected.json", "{}", "fhir_fixtures/x/expected.json: today is missing."),
    ],
)
def test_a_broken_story_is_named(folder: Path, file: str, content: str | None, says: str) -> None:
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content)
    with pytest.raises(ContentError) as raised:
        stories.read("x")
    assert str(raised.value).startswith(says)


@pytest.mark.parametrize(
    ("readme", "title"), [("# Day 4: 750\n\ntext", "Day 4: 750"), ("no heading", "x"), (None, "x")]
)
def test_title(folder: Path, readme: str | None, title: str) -> None:
    if readme is not None:
        (folder / "README.md").write_text(readme)
    assert stories.title("x") == title


def test_every_story_has_patients_and_resources_of_its_own() -> None:
    """All stories are loaded into one FHIR server: a resource of the same id would overwrite another story's."""
    ids = Counter(f"{r['resourceType']}/{r['id']}" for each in stories.read_all() for r in each.resources)
    assert ids
    assert [name for name, times in ids.items() if times > 1] == []


def test_content_is_found_in_a_checkout_and_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (data_files.cards_folder() / "sources.toml").is_file()
    package = tmp_path / "cds_service"
    monkeypatch.setattr(data_files, "PACKAGE", package)
    with pytest.raises(ContentError, match="folder cards/ is missing"):
        data_files.cards_folder()
    (tmp_path / "cards").mkdir()
    assert data_files.cards_folder() == tmp_path / "cards"
    (package / "_data" / "cards").mkdir(parents=True)
    assert data_files.cards_folder() == package / "_data" / "cards"
