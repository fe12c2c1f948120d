"""What a client may send for a prefetch key, and how the service gets at data that were not prefetched.

https://cds-hooks.hl7.org/2.0/#providing-fhir-resources-to-a-cds-service. Seen from outside, an answer that took
failed or missing data for "no data" is one thing: an empty list of cards where full data bring cards.
"""

from collections.abc import Callable
from typing import Any

from cds_service.conform.bench import Bench, Offered, Played, gist
from cds_service.conform.exchange import Exchange
from cds_service.conform.verdicts import Group, NotTested, Verdict, failed, not_tested, passed
from cds_service.ehr.fhir_store import outcome

Json = dict[str, Any]

group = Group("prefetch", each_service=True)

_EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0}
_FAILED = outcome("timeout", "The FHIR server did not answer in time.")
NOT_ASKED = ". This tool's FHIR server was asked nothing: if the service cannot reach it, name another, --fhir URL"
NO_TEMPLATES = "The service asks for no prefetch"


def _call(bench: Bench, service: Offered, prefetch: Json | None, *, fetching: bool) -> Exchange:
    """The plain call with this prefetch, with or without a FHIR server to fetch from."""
    plain = _plain(bench, service)
    body = {
        key: value for key, value in plain.body.items() if key not in ("prefetch", "fhirServer", "fhirAuthorization")
    }
    if fetching:
        body |= bench.chart.access(plain.case)
    known = plain.body["prefetch"] if fetching else None
    return bench.call(service, body | ({"prefetch": prefetch} if prefetch else {}), known)


def _plain(bench: Bench, service: Offered) -> Played:
    if not service.prefetch:
        raise NotTested(NO_TEMPLATES)
    return bench.plain(service, lambda each: bool(each.body.get("prefetch")))


def _need_server(bench: Bench, plain: Played) -> None:
    if "prefetch" in plain.case.body:
        raise NotTested("The request given brings its own data, which no FHIR server has")
    if not bench.chart.base:
        raise NotTested(bench.chart.none)


def _said_nothing(found: Exchange, plain: Played) -> bool:
    """True for the false all-clear: full data bring cards, this call an empty list."""
    return bool(plain.exchange.cards) and found.cards == []


@group.check("Advice is the same from prefetch and from the FHIR server", "cds-hooks_2.0@34")
def fetches_for_itself(bench: Bench, service: Offered) -> Verdict:
    plain = _plain(bench, service)
    _need_server(bench, plain)
    before = len(bench.chart.asked or ())
    found = _call(bench, service, None, fetching=True)
    if gist(found.cards) == gist(plain.exchange.cards):
        return passed(plain.exchange, found, note="" if plain.exchange.cards else "no card either way")
    unasked = bench.chart.asked is not None and len(bench.chart.asked) == before
    return failed(
        f"Without prefetch: {found.said}; with it: {plain.exchange.said}" + (NOT_ASKED if unasked else ""),
        plain.exchange,
        found,
    )


@group.check("The access token comes with each request to the FHIR server", "cds-hooks_2.0@61")
def presents_the_token(bench: Bench, service: Offered) -> Verdict:
    _need_server(bench, _plain(bench, service))
    if bench.chart.asked is None:
        raise NotTested("What the FHIR server given with --fhir was asked cannot be seen")
    before = len(bench.chart.asked)
    found = _call(bench, service, None, fetching=True)
    asked = bench.chart.asked[before:]
    if not asked:
        return not_tested("The service asked the FHIR server for nothing", found)
    without = [each for each in asked if each.authorization != f"Bearer {bench.chart.token}"]
    if without:
        return failed(f"{len(without)} of {len(asked)} requests to the FHIR server came without the token given", found)
    return passed(found, note=f"requests seen: {len(asked)}")


@group.check("Required data that cannot be had bring HTTP 412, not an all-clear", "cds-hooks_2.0@54")
def too_little_data(bench: Bench, service: Offered) -> Verdict:
    plain = _plain(bench, service)
    found = _call(bench, service, None, fetching=False)
    if found.status == 412:
        return passed(found)
    if _said_nothing(found, plain):
        return failed(f"Without prefetch and FHIR server: {found.said}; with data: {plain.exchange.said}",
                      found, plain.exchange)  # fmt: skip
    if found.cards is None:
        return failed(f"Without prefetch and FHIR server: {found.said}, not 412", found)
    return not_tested("The service answers without data: which it requires is known to its author only", found)


@group.check("An OperationOutcome as prefetched data is not taken for no data", "cds-hooks_2.0@52")
def failed_data(bench: Bench, service: Offered) -> Verdict:
    plain = _plain(bench, service)
    found = _call(bench, service, dict.fromkeys(service.prefetch, _FAILED), fetching=False)
    if found.status != 412 and found.cards is None:
        return failed(f"Every key an OperationOutcome: {found.said}", found)
    if _said_nothing(found, plain):
        return failed(f"Every key an OperationOutcome: {found.said}; with data: {plain.exchange.said}",
                      found, plain.exchange)  # fmt: skip
    if not plain.exchange.cards:
        return not_tested("No call brought a card, so a missing one cannot be noticed", found)
    return passed(found)


def _state(name: str, value: Callable[[Played, str], Any], *, fetching: bool) -> None:
    @group.check(f"{name} is answered", "anakinra-cds_1@prefetch-states")
    def answers(bench: Bench, service: Offered) -> Verdict:
        plain = _plain(bench, service)
        if fetching:
            _need_server(bench, plain)
        values = {key: value(plain, key) for key in service.prefetch}
        found = _call(bench, service, {k: v for k, v in values.items() if v is not ...}, fetching=fetching)
        if found.status == 412 or found.cards is not None:
            return passed(found)
        return failed(f"{name}: {found.said}", found)


_state("No prefetch, with a FHIR server", lambda _, __: ..., fetching=True)
_state(
    "Half of the prefetch keys, with a FHIR server", lambda plain, key: _first_half(plain).get(key, ...), fetching=True
)
_state("Null for every prefetch key", lambda _, __: None, fetching=False)
_state("An empty Bundle for every prefetch key", lambda _, __: _EMPTY, fetching=False)
_state("An OperationOutcome for every prefetch key, with a FHIR server", lambda _, __: _FAILED, fetching=True)


def _first_half(plain: Played) -> Json:
    sent: Json = plain.body["prefetch"]
    return {key: sent[key] for key in sorted(sent)[: len(sent) // 2]}


@group.check("A first page is not taken for all", "anakinra-cds_1@first-page")
def first_page(bench: Bench, service: Offered) -> Verdict:
    plain = _plain(bench, service)
    patient = str(plain.body["context"].get("patientId", ""))
    paged = {key: _page(bench, patient, value) for key, value in plain.body["prefetch"].items()}
    if paged == plain.body["prefetch"]:
        return not_tested("No key of this service is a search with more than one result")
    found = _call(bench, service, paged, fetching=bool(bench.chart.base) and "prefetch" not in plain.case.body)
    if found.status != 412 and found.cards is None:
        return failed(f"First pages with a next link: {found.said}", found)
    if _said_nothing(found, plain):
        return failed(f"First pages with a next link: {found.said}; with all results: {plain.exchange.said}",
                      found, plain.exchange)  # fmt: skip
    return passed(found) if plain.exchange.cards else not_tested("No call brought a card", found)


def _page(bench: Bench, patient: str, value: Any) -> Any:
    """The Bundle's first result with a link to the next page; anything else as it is."""
    entries = value.get("entry") if isinstance(value, dict) and value.get("resourceType") == "Bundle" else None
    if not isinstance(entries, list) or len(entries) < 2:
        return value
    first = entries[0].get("resource") if isinstance(entries[0], dict) else None
    kind = first.get("resourceType") if isinstance(first, dict) else None
    base = bench.chart.base or "https://fhir.example.org/r4"
    # The next page may bring a result twice: it does so wherever data change between two pages.
    link = {"relation": "next", "url": f"{base}/{kind or 'Observation'}?patient={patient}&_count=200"}
    return value | {"entry": entries[:1], "link": [link]}
