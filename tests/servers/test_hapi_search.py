"""HAPI's search cache and its pages, and what the service makes of them; in words in docs/connect-fhir-servers.md."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from cds_service.hooks.response import EXTENSION
from tests.servers.hapi_client import Hapi, Resource, ago, codes, count, link, said, values

pytestmark = pytest.mark.hapi
SEARCH = "Observation?patient={}&code=751-8&_sort=-date&_count={}"
FRESH = {"Cache-Control": "no-cache"}


@pytest.fixture
def many(server: Hapi, patient: str) -> str:
    """250 counts, an hour apart; the four oldest are 0.8, and so on the second page."""
    entries = [
        {
            "resource": count(patient, 0.8 if hour > 245 else 3.0, ago(days=3, hours=hour)),
            "request": {"method": "POST", "url": "Observation"},
        }
        for hour in range(250)
    ]
    answer = server.send("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 200, answer.text
    return patient


def test_a_search_made_within_the_last_minute_is_answered_without_what_came_since(server: Hapi, patient: str) -> None:
    search = SEARCH.format(patient, 200)
    assert values(server.get(search)) == [3.0]
    server.create(count(patient, 0.4, ago(hours=1)))
    stale = server.get(search)
    assert values(stale) == [3.0]
    assert stale.headers["X-Cache"].startswith("HIT")
    assert values(server.get(search, **FRESH)) == [0.4, 3.0]
    assert values(server.get(search)) == [3.0], "a fresh search does not replace the stored one"


def test_the_service_sees_a_count_that_came_after_its_last_search(
    server: Hapi, patient: str, view: Callable[[str], Resource]
) -> None:
    assert codes(view(patient)) == []
    server.create(count(patient, 0.4, ago(hours=1)))
    assert codes(view(patient)) == ["hold-anakinra"]


def test_a_deleted_result_leaves_a_cached_search_short_and_the_service_does_not_notice_any(
    server: Hapi, patient: str, view: Callable[[str], Resource]
) -> None:
    mistaken = server.create(count(patient, 0.4, ago(hours=1)))
    assert codes(view(patient)) == ["hold-anakinra"]
    search = SEARCH.format(patient, 200)
    assert values(server.get(search)) == [0.4, 3.0]
    server.send("DELETE", f"Observation/{mistaken}")
    cached = server.get(search)
    assert (cached.json()["total"], values(cached)) == (2, [3.0])
    assert codes(view(patient)) == []


def test_a_search_by_post_is_cached_too(server: Hapi, patient: str) -> None:
    asked = {"patient": patient, "code": "751-8"}
    assert values(server.search("Observation", asked)) == [3.0]
    server.create(count(patient, 0.4, ago(hours=1)))
    assert values(server.search("Observation", asked)) == [3.0]


def test_no_store_gives_one_page_as_if_it_were_all(server: Hapi, patient: str) -> None:
    for day in range(3, 6):
        server.create(count(patient, 3.0, ago(days=day)))
    page = server.get(SEARCH.format(patient, 2), **{"Cache-Control": "no-store"})
    assert len(values(page)) == 2
    assert link(page, "next") == ""


def test_pages_are_on_the_base_itself_and_have_no_total(server: Hapi, patient: str) -> None:
    for day in range(3, 33):
        server.create(count(patient, 3.0, ago(days=day)))
    page = server.get(SEARCH.format(patient, 2), **FRESH)
    assert link(page, "next").startswith(f"{server.base}?_getpages=")
    assert "total" not in page.json()


def test_the_largest_page_holds_200_whatever_is_asked_for(server: Hapi, many: str) -> None:
    assert len(values(server.get(SEARCH.format(many, 1000), **FRESH))) == 200


def test_the_service_reads_every_page(many: str, view: Callable[[str], Resource]) -> None:
    trace = view(many)["extension"][EXTENSION]
    neutrophils = trace["prefetch"]["neutrophils"]
    assert (neutrophils["state"], neutrophils["extent"]) == ("fetched", "complete")
    assert trace["facts"]["history"] == "prior", "the lowest count is on the second page"


def test_links_carry_the_host_that_was_asked(server: Hapi, many: str) -> None:
    page = server.get(SEARCH.format(many, 2), Host="ehr.example.org")
    assert link(page, "next").startswith("http://ehr.example.org/fhir?_getpages=")


def test_a_page_that_has_expired_is_gone(server: Hapi) -> None:
    answer = server.get(f"{server.base}?_getpages={uuid4()}&_getpagesoffset=20&_count=20")
    assert answer.status_code == 410
    assert "may have expired" in said(answer)
