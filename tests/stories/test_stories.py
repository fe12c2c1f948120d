"""The acceptance tests: every story, through HTTP, gives the cards that a clinician expects.

Three ways, one answer: everything prefetched, everything fetched, and fetched from a real FHIR server.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from cds_service import stories
from cds_service.ehr.fhir_store import FhirStore
from cds_service.hooks.response import EXTENSION
from tests.stories.conformance import response_faults
from tests.stories.ehr import call_with_prefetch, call_without_prefetch

every_story = pytest.mark.parametrize("name", stories.names())


@every_story
def test_with_prefetch(name, client_for):
    story = stories.read(name)
    with time_machine.travel(story.today, tick=False):
        response = call_with_prefetch(client_for(story.expected["profile"]), story, FhirStore(story.resources))
    check(story, response)


@every_story
def test_fetched(name, client_for, loopback):
    check_fetched(name, client_for, loopback)


@every_story
def test_fetched_from_a_real_server(name, client_for, real_server):
    check_fetched(name, client_for, real_server)


@every_story
@pytest.mark.parametrize("hour", [0, 23])
def test_at_any_time_of_day(name, hour, client_for):
    """A demo is run at any hour: days then move apart from instants, and the cards must not change."""
    story = stories.read(name)
    now = datetime(2027, 3, 9, hour, 30, tzinfo=UTC)
    moved = stories.shifted(story, now)
    with time_machine.travel(now, tick=False):
        response = call_with_prefetch(client_for(story.expected["profile"]), moved, FhirStore(moved.resources))
    assert [_gist(card) for card in _as_expected(response)] == [_gist(card) for card in story.expected["cards"]]


def test_a_repeated_call_gives_the_same_answer(client_for):
    story = stories.read("child-1-view")
    with time_machine.travel(story.today, tick=False):
        first, second = (
            call_with_prefetch(client_for("us"), story, FhirStore(story.resources))["cards"] for _ in range(2)
        )
    assert first == second


def test_a_day_later_the_age_of_the_count_is_a_day_more(client_for):
    story = stories.read("child-1-view")
    details = []
    for later in (timedelta(), timedelta(days=1)):
        with time_machine.travel(story.today + later, tick=False):
            (card,) = call_with_prefetch(client_for("us"), story, FhirStore(story.resources))["cards"]
        details.append(card["detail"])
    assert "2 days ago" in details[0]
    assert "3 days ago" in details[1]


def check_fetched(name: str, client_for: Any, server: Any) -> None:
    story = server.stories[name]
    with time_machine.travel(server.now, tick=False):
        response = call_without_prefetch(client_for(story.expected["profile"]), story, server.base)
    check(story, response)


def check(story: stories.Story, response: dict[str, Any]) -> None:
    """The cards are the expected ones, in order; what they say and offer is well formed."""
    expected = story.expected["cards"]
    assert _as_expected(response) == [
        {key: value for key, value in card.items() if key != "detail_contains"} for card in expected
    ]
    for card, wanted in zip(response["cards"], expected, strict=True):
        assert [words for words in wanted["detail_contains"] if words not in card["detail"]] == [], card["detail"]
    on_file = {f"{each['resourceType']}/{each['id']}": each for each in story.resources}
    assert response_faults(response, on_file, _drafts(story)) == []


def _as_expected(response: dict[str, Any]) -> list[dict[str, Any]]:
    """The cards of a response in the form of expected.json."""
    return [_card(card) for card in response["cards"]]


def _card(card: dict[str, Any]) -> dict[str, Any]:
    suggestions = card.get("suggestions", [])
    recommended = [each["label"] for each in suggestions if each.get("isRecommended")]
    return {
        "code": card["source"]["topic"]["code"],
        "row": card["extension"][EXTENSION]["row"],
        "indicator": card["indicator"],
        "summary": card["summary"],
        "suggestions": [each["label"] for each in suggestions],
    } | ({"recommended": recommended[0]} if recommended else {})


def _gist(card: dict[str, Any]) -> tuple[str, ...]:
    return card["row"], card["code"], card["indicator"], *card["suggestions"]


def _drafts(story: stories.Story) -> set[str]:
    orders = story.hook["context"].get("draftOrders", {}).get("entry", [])
    return {f"{each['resource']['resourceType']}/{each['resource']['id']}" for each in orders}
