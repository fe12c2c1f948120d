"""The story files themselves: valid FHIR, fictitious people, one story for every row, and an index that fits."""

import re
from pathlib import Path

import pytest

from cds_service import stories
from cds_service.clinical.assess import emitted_rows
from cds_service.data_files import stories_folder
from tests.stories.conformance import resource_faults

ROWS_BY_BLOCK = {
    "chart, on or held": "PV11 PV12 PV1 PV15a PT PV4 PV14 PV13 PV16 PV15 PV17 PV2 PV3 PV10 PV9 PV8 PV6 PV7 PV5",
    "chart, tocilizumab": "PT4 PT5 PT1 PT2 PT3 PT0",
    "chart, neither": "PV0",
    "anakinra ordered": "OA1 OA3m OA3 OA4 OA2 OA5 OA6 OA7",
    "tocilizumab ordered": "OT1 OT3 OT4 OT5 OT2 OT6",
    "another drug ordered": "OU1b OU1 OU2 OU0",
    "could not be assessed": "NA",
    "beside the base rows": "M1 M1b M2 T1 B1 R1 L1 L2 L3 W1 D1 G1",
}
TIME_POINTS = {
    "case-1": [
        "a-before", "b-day-4", "c-recovered", "d-first-reintroduction", "e-months-later", "f-nadir-1500",
        "g-last-follow-up",
    ],
    "case-2": ["a-before", "b-day-10", "c-stopped-unwell", "d-reintroduction", "e-after"],
    "child-1": ["order-anakinra", "order-tocilizumab", "view"],
}  # fmt: skip
PUBLISHED = [f"{case}-{point}" for case, points in TIME_POINTS.items() for point in points]

every_story = pytest.mark.parametrize("story", list(stories.read_all()), ids=lambda story: story.name)


def test_every_row_has_a_story():
    told = {story.expected["row"] for story in stories.read_all()}
    assert [row for rows in ROWS_BY_BLOCK.values() for row in rows.split() if row not in told] == []


def test_every_card_that_the_rules_can_emit_is_expected_somewhere():
    expected = {(card["row"], card["code"]) for story in stories.read_all() for card in story.expected["cards"]}
    assert {(row, code) for row, _, code in emitted_rows()} == expected


def test_the_published_cases_are_told_at_every_time_point():
    assert [name for name in PUBLISHED if name not in stories.names()] == []


def test_ids_are_unique_so_that_all_stories_fit_on_one_server():
    ids = [f"{each['resourceType']}/{each['id']}" for story in stories.read_all() for each in story.resources]
    instances = [story.hook["hookInstance"] for story in stories.read_all()]
    assert len(set(ids)) == len(ids)
    assert len(set(instances)) == len(instances)


def test_the_index_lists_every_story_with_its_answer():
    index = (Path(__file__).parents[2] / "docs" / "stories.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| \[([^]]+)\].*?\| ([^|]*) \|$", index, re.MULTILINE))
    assert rows == {story.name: _answer(story) for story in stories.read_all()}


@every_story
def test_its_resources_are_valid_fhir(story):
    drafts = story.hook["context"].get("draftOrders", {}).get("entry", [])
    resources = story.resources + [each["resource"] for each in drafts]
    assert [fault for each in resources for fault in resource_faults(each)] == []
    assert resource_faults(story.bundle) == []
    for entry in story.bundle["entry"]:
        at = f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
        assert entry["request"] == {"method": "PUT", "url": at}


@every_story
def test_it_is_about_one_fictitious_patient(story):
    (patient,) = [each for each in story.resources if each["resourceType"] == "Patient"]
    assert patient["id"] == story.patient_id
    assert patient["name"][0]["family"] == "Story"
    assert patient["meta"]["security"][0]["code"] == "HTEST"
    for each in story.resources:
        assert each["id"] == patient["id"] or each["id"].startswith(f"{patient['id']}-")
        if each["resourceType"] not in ("Patient", "Medication"):
            assert each["subject"] == {"reference": f"Patient/{patient['id']}"}


@every_story
def test_it_is_told_in_words(story):
    readme = (stories_folder() / story.name / "README.md").read_text("utf-8")
    assert readme.startswith("# ")
    assert "**Why:**" in readme
    for card in story.expected["cards"]:
        assert card["summary"] in readme
        assert len(card["summary"]) < 140
    if not story.expected["cards"]:
        assert "**Expected:** no card." in readme


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_value_says_whether_it_is_stated(name):
    for each in stories.read(name).resources:
        if each["resourceType"] == "Observation":
            assert each["note"][0]["text"].startswith(("stated", "approximate", "inferred: ")), each["id"]


def _answer(story: stories.Story) -> str:
    cards = story.expected["cards"]
    return "; ".join(f"{card['row']} `{card['code']}` ({card['indicator']})" for card in cards) or "no card"
