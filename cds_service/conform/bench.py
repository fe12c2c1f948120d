"""What a run knows so far: the service under test, the patients, every call worth judging later."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

from cds_service.conform.chart import Chart
from cds_service.conform.exchange import Exchange
from cds_service.conform.patients import Case, fresh
from cds_service.conform.verdicts import NotTested
from cds_service.conform.wire import Wire
from cds_service.ehr.client import Sign
from cds_service.hooks.context import HOOKS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for. ``timeout`` in seconds; ``calls`` is how many are timed a service; ``skip`` groups.

    ``sign`` makes a token for each call; ``forged`` does with one fault each, by the names of ``groups.security``.
    """

    base: str
    token: str = ""
    profile: str = "2.0"
    timeout: float = 10.0
    calls: int = 20
    patients: int = 6
    fhir_url: str = ""
    fhir_token: str = ""
    service_ids: tuple[str, ...] = ()
    requests: tuple[Json, ...] = ()
    skip: tuple[str, ...] = ()
    prefetch_only: bool = False
    sign: Sign | None = field(default=None, repr=False)
    forged: Mapping[str, Sign] = field(default_factory=dict, repr=False)

    @property
    def authenticates(self) -> bool:
        """True if the user says that the service wants to know who calls: a token or a key was given."""
        return bool(self.token or self.sign)


class Offered(NamedTuple):
    """One service of discovery that can be called. Two may share an id under different hooks."""

    id: str
    hook: str
    prefetch: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.id} ({self.hook})"


class Played(NamedTuple):
    """A call made and its answer; ``body`` is what was sent."""

    case: Case
    body: Json
    exchange: Exchange


class Malformed(NamedTuple):
    """A malformed call and its answer; ``tolerable`` if a lenient reader may answer it like the good call."""

    name: str
    service: Offered
    exchange: Exchange
    tolerable: bool = False


@dataclass(slots=True)
class Bench:
    """One run. ``discovery_path`` and ``services_path`` are where they were found: both should be "cds-services"."""

    options: Options
    wire: Wire
    chart: Chart
    discovery: Exchange | None = None
    discovery_path: str = "cds-services"
    services_path: str = "cds-services"
    services: tuple[Offered, ...] = ()
    played: dict[Offered, list[Played]] = field(default_factory=dict)
    answers: list[tuple[Exchange, bytes]] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    timed: dict[Offered, list[float]] = field(default_factory=dict)
    no_services: str = "Discovery was not asked yet"

    def offered(self) -> tuple[Offered, ...]:
        """The services found; NotTested where there are none."""
        if not self.services:
            raise NotTested(self.no_services)
        return self.services

    def cases(self, service: Offered) -> list[Case]:
        """The valid calls for this service; NotTested for a hook that this tool cannot play."""
        own = [Case("your request", each) for each in self.options.requests if each["hook"] == service.hook]
        found = own + [each for each in self.chart.cases if each.body["hook"] == service.hook]
        if not found:
            raise NotTested(f"This tool plays {', '.join(HOOKS)}, not {service.hook}: give a call with --request FILE")
        return found

    def path(self, service: Offered | str, *more: str) -> str:
        """Where a service is called; an id is one segment of the path, whatever is in it."""
        named = service if isinstance(service, str) else service.id
        return "/".join((self.services_path, quote(named, safe="", errors="replace"), *more))

    def request(self, service: Offered, case: Case) -> Json:
        """The call as a client makes it that prefetches all it can; one that brings its own data stays as it is."""
        if "prefetch" in case.body:
            return fresh(case.body)
        prefetch = self.chart.prefetch(service.prefetch, case)
        return fresh(case.body) | self.chart.access(case) | ({"prefetch": prefetch} if prefetch else {})

    def call(self, service: Offered, body: Json, known: Json | None = None) -> Exchange:
        """A valid call; its answer is judged at the end of the run.

        ``known`` is what the service may have fetched for itself: for the judge it is as if it had been prefetched.
        """
        exchange = self.wire.post(self.path(service), json.dumps(body).encode())
        if exchange.ok:
            self.answers.append((exchange, json.dumps(body | ({"prefetch": known} if known else {})).encode()))
        return exchange

    def plain(self, service: Offered, wanted: Callable[[Played], bool] = lambda _: True) -> Played:
        """A call that went well before, one with cards if there was any; NotTested if none did."""
        played = self.played.get(service)
        if played is None:
            self.cases(service)
        good = [each for each in played or () if each.exchange.cards is not None]
        if not good:
            said = played[0].exchange.said if played else "it was not called"
            raise NotTested(f"No valid call to {service.name} was answered with cards: {said}")
        fitting = [each for each in good if wanted(each)]
        if not fitting:
            raise NotTested("No call to this service fits what is to be tested")
        return next((each for each in fitting if each.exchange.cards), fitting[0])

    def with_cards(self, service: Offered) -> Played:
        """A call that brought cards; NotTested if none did, as then nothing could be seen to be missing."""
        found = self.plain(service)
        if not found.exchange.cards:
            raise NotTested("None of the calls brought a card: give one that does with --request FILE")
        return found


def gist(cards: list[Any] | None) -> list[tuple[str, str]] | None:
    """What the cards say, without what may differ from call to call (uuids, dates in the detail)."""
    if cards is None:
        return None
    return sorted((str(each.get("summary")), str(each.get("indicator"))) for each in cards if isinstance(each, dict))
