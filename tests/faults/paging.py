"""Faults of paging: links that lead back, on for ever, or to where the token must not go."""

import time
from collections.abc import Callable

from tests.faults.exchange import FAULTS, Exchange, Resource, changes, fault


def _links(name: str, url: Callable[[Exchange], str]) -> None:
    def change(exchange: Exchange, bundle: Resource) -> None:
        bundle["link"] = [{"relation": "self", "url": "ignored"}, {"relation": "next", "url": url(exchange)}]
        bundle.pop("total", None)

    changes(name)(change)


_links("next-self", lambda x: f"{x.server.base_url}/{x.asked}")
_links("next-ring", lambda x: x.link_to(x.page % 3 + 1))
_links("next-endless", lambda x: x.link_to(x.page + 1))
_links("next-foreign", lambda x: f"{x.server.canary_url}/fhir/{x.asked}")
_links("next-foreign-userinfo", lambda x: x.server.canary_url.replace("//", "//127.0.0.1@") + f"/fhir/{x.asked}")
_links("next-foreign-relative", lambda x: f"{x.server.canary_url.removeprefix('http:')}/fhir/{x.asked}")
_links("next-https", lambda x: f"{x.server.base_url}/{x.asked}&page=2".replace("http:", "https:"))
_links("next-outside", lambda x: f"{x.server.base_url}evil/{x.asked}")
_links("next-dots", lambda x: f"{x.server.base_url}/../admin")
_links("next-encoded-dots", lambda x: f"{x.server.base_url}/%2e%2e/admin")


@fault("slow-pages")
def _slow_pages(exchange: Exchange) -> None:
    """Page one at once, then pages that take longer than anyone waits."""
    if exchange.page > 1:
        time.sleep(0.5)
    FAULTS["next-endless"](exchange)


@fault("second-page-500")
def _second_page_500(exchange: Exchange) -> None:
    FAULTS["500" if exchange.page > 1 else "next-endless"](exchange)


@changes("duplicate-pages")
def _duplicate_pages(exchange: Exchange, bundle: Resource) -> None:
    """Two pages with the same content, counted as twice as much."""
    bundle["total"] = 2 * len(bundle["entry"])
    bundle["link"] = [{"relation": "next", "url": exchange.link_to(2)}] if exchange.page == 1 else []


def _in_pages(exchange: Exchange, bundle: Resource) -> None:
    """No fault: the answer in two pages, the second by a root-relative link, as some servers give it."""
    half = (len(bundle["entry"]) + 1) // 2
    bundle["total"] = len(bundle["entry"])
    bundle["entry"] = bundle["entry"][:half] if exchange.page == 1 else bundle["entry"][half:]
    path = "/fhir/" + exchange.link_to(2).partition("/fhir/")[2]
    bundle["link"] = [{"relation": "next", "url": path}] if exchange.page == 1 else []


changes("in-two-pages")(_in_pages)


@changes("lowest-on-page-2")
def _lowest_on_page_2(exchange: Exchange, bundle: Resource) -> None:
    """Sorted the other way round: the latest count, the lowest, comes last."""
    bundle["entry"] = bundle["entry"][::-1]
    _in_pages(exchange, bundle)


@fault("lowest-on-lost-page-2")
def _lowest_on_lost_page_2(exchange: Exchange) -> None:
    FAULTS["500" if exchange.page > 1 else "lowest-on-page-2"](exchange)
