"""Real stories through the reader, whole: the order of entries, and the day it all happened, change no card."""

import json
import re
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from cds_service import stories
from cds_service.clinical.causality.propose import proposals
from cds_service.clinical.picture import Picture
from cds_service.ehr.fhir_store import FhirStore
from cds_service.fhir.chart import Orders, SiteTime, read_chart
from cds_service.fhir.gather import gather
from cds_service.hook_call import answer
from cds_service.hooks.prefetch import fill
from cds_service.hooks.request import HookRequest, parse
from cds_service.hooks.services import SERVICES, Service
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.stories import Story
from tests.stories.ehr import prefetched

NAMES = (
    *("case-1-d-first-reintroduction", "case-1-g-last-follow-up", "case-2-b-day-10", "case-2-c-stopped-unwell"),
    *(
        "case-2-e-after",
        "child-1-order-anakinra",
        "child-1-order-tocilizumab",
        "child-1-view",
        "overlay-m1-mas-pattern",
    ),
)
DAYS = (-3653, -366, -1, 1, 29, 365, 1461)
_A_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?"
    r"|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: \d{4})?(?: \d{2}:\d{2})?"
)
_A_FINGERPRINT = re.compile(r'"evidence": "[0-9a-f]{16}"')
"""Of all the facts of a card, their dates included."""
Prefetch = dict[str, Any]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.open(Settings())


def asked(story: Story) -> tuple[Service, Prefetch]:
    """The service of the story's hook, and what an EHR prefetches for it."""
    service = next(each for each in SERVICES.values() if each.hook == story.hook_name)
    return service, prefetched(service.prefetch, story, FhirStore(story.resources))


def request(story: Story, service: Service, prefetch: Prefetch) -> HookRequest:
    return parse(json.dumps(story.hook | {"prefetch": prefetch}).encode(), hook=service.hook)


def cards(story: Story, site: Site, service: Service, prefetch: Prefetch, now: datetime) -> Any:
    return json.loads(answer(request(story, service, prefetch), service, site, now).body)["cards"]


def scores(story: Story, site: Site, service: Service, prefetch: Prefetch, now: datetime) -> list[tuple[str, int]]:
    """The proposed scores of each low run."""
    sent = request(story, service, prefetch)
    keys = gather(sent.prefetch, fill(service.prefetch, sent.context), site.client, None)
    record = read_chart(Orders(sent.patient_id), keys, site.client, None, SiteTime(now, site.settings.zone))
    found = proposals(Picture(record, now, site.profile.thresholds))
    return [(each.french.score, each.naranjo.score) for each in found]


def shuffled(prefetch: Prefetch, random: Random) -> Prefetch:
    """Every Bundle with its entries in another order, as servers are free to send them."""
    mixed = {}
    for key, value in prefetch.items():
        entries = value.get("entry", []) if value else []
        mixed[key] = value | {"entry": random.sample(entries, len(entries))} if entries else value
    return mixed


def undated(found: Any) -> str:
    return _A_FINGERPRINT.sub("", _A_DATE.sub("(a date)", json.dumps(found)))


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_entries_changes_no_card(name: str, site: Site) -> None:
    story = stories.read(name)
    service, prefetch = asked(story)
    first = [ask(story, site, service, prefetch, story.today) for ask in (cards, scores)]
    for seed in range(10):
        mixed = shuffled(prefetch, Random(seed))
        assert [ask(story, site, service, mixed, story.today) for ask in (cards, scores)] == first


@pytest.mark.parametrize("name", NAMES)
def test_another_day_changes_only_dates(name: str, site: Site) -> None:
    story = stories.read(name)
    first = cards(story, site, *asked(story), story.today)
    assert first or name == "case-1-g-last-follow-up"
    for days in DAYS:
        moved = stories.shifted(story, story.today + timedelta(days=days))
        assert undated(cards(moved, site, *asked(moved), moved.today)) == undated(first)
        assert scores(moved, site, *asked(moved), moved.today) == scores(story, site, *asked(story), story.today)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("case-1-g-last-follow-up", ["C3S2B3", "C1S2B3"]), ("case-2-e-after", ["C1S1B3"]), ("child-1-view", ["C1S2B3"])],
)
def test_these_stories_are_judged(name: str, expected: list[str], site: Site) -> None:
    story = stories.read(name)
    assert [score for score, _ in scores(story, site, *asked(story), story.today)] == expected
