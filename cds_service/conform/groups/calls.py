"""Valid calls: every service offered, about every patient whose hook it is for."""

from typing import Any

from cds_service.conform.bench import Bench, Offered, Played, gist
from cds_service.conform.verdicts import Group, Verdict, failed, not_tested, passed
from cds_service.ehr.client import outcome_line

group = Group("calls", each_service=True)

_UNKNOWN: dict[str, Any] = {
    "extension": {
        "org.example.conform.extension": {"any": ["value", 1, True]},
        "davinci-crd.configuration": {"org.example.conform.no-such-option": True},
    },
    "orgExampleConformUnknown": {"anything": "goes"},
}


@group.check(
    "Each listed service answers valid calls with a list of cards",
    "cds-hooks_2.0@16",
    "cds-hooks_2.0@74",
    "davinci-crd_2.2.1@dev-15",
)
def answers_valid_calls(bench: Bench, service: Offered) -> Verdict:
    usual = [each for each in bench.cases(service) if not each.unusual]
    played = bench.played[service] = []
    for case in usual:
        body = bench.request(service, case)
        played.append(Played(case, body, bench.call(service, body)))
    wrong = [each for each in played if each.exchange.status != 200 or each.exchange.cards is None]
    # Data that a service needs and our patients lack are its good right; that it never answers is not.
    refused = [each for each in wrong if each.exchange.status == 412]
    wrong = [each for each in wrong if each.exchange.status != 412]
    if wrong:
        first = wrong[0]
        why = outcome_line(first.exchange.json)
        return failed(f"{len(wrong)} of {len(played)} calls, first {first.case.name}: {first.exchange.said}"
                      f"{why and f' ({why})'}", *(each.exchange for each in wrong))  # fmt: skip
    if len(refused) == len(played):
        return not_tested("Every call was answered with 412: give a call with the data needed, --request FILE",
                          refused[0].exchange)  # fmt: skip
    return passed(*(each.exchange for each in played), note=f"{len(played)} calls")


@group.check("Answers are JSON and say so", "cds-hooks_2.0@1")
def answers_are_json(bench: Bench, service: Offered) -> Verdict:
    played = [each.exchange for each in bench.played.get(service, ()) if each.exchange.ok]
    if not played:
        bench.plain(service)
    for exchange in played:
        kind = exchange.headers.get("content-type", "")
        if exchange.json is None:
            return failed(f"The body of HTTP {exchange.status} is no JSON", exchange)
        if not kind.partition(";")[0].strip().lower().endswith(("/json", "+json")):
            return failed(f"Content-Type is {kind or 'not given'}, not application/json", exchange)
    return passed(*played)


@group.check("Valid calls about unusual patients are answered", "anakinra-cds_1@unusual-calls")
def unusual_patients(bench: Bench, service: Offered) -> Verdict:
    bench.plain(service)
    made = []
    for case in bench.cases(service):
        if not case.unusual:
            continue
        exchange = bench.call(service, bench.request(service, case))
        made.append(exchange)
        if exchange.status != 412 and exchange.cards is None:
            return failed(f"A call about {case.name}: {exchange.said}", exchange)
    return passed(*made) if made else not_tested("There are no unusual patients on the FHIR server given")


@group.check(
    "Unknown members and extensions are accepted and change nothing",
    "anakinra-cds_1@unknown-members",
    "davinci-crd_2.2.1@hook-23",
    "davinci-crd_2.2.1@dev-17",
)
def unknown_members(bench: Bench, service: Offered) -> Verdict:
    plain = bench.plain(service)
    context = plain.body["context"] | {"orgExampleConformUnknown": 1}
    exchange = bench.call(service, plain.body | _UNKNOWN | {"context": context})
    if gist(exchange.cards) != gist(plain.exchange.cards):
        return failed(f"With an extension and unknown members: {exchange.said}; without: {plain.exchange.said}",
                      exchange, plain.exchange)  # fmt: skip
    return passed(exchange)


@group.check("The same hookInstance again brings the same uuids", "anakinra-cds_1@stable-uuid")
def stable_uuids(bench: Bench, service: Offered) -> Verdict:
    plain = bench.with_cards(service)
    again = bench.call(service, plain.body)
    before, after = uuids(plain.exchange.cards), uuids(again.cards)
    if not before:
        return not_tested("The cards have no uuid")
    if before != after:
        return failed("The repeated call brought other uuids", plain.exchange, again)
    return passed(plain.exchange, again)


def uuids(cards: list[Any] | None) -> list[str]:
    """The uuids of the cards and their suggestions, in order; those there are."""
    found = []
    for card in cards or ():
        if isinstance(card, dict):
            offered = card.get("suggestions")
            for each in [card, *(offered if isinstance(offered, list) else ())]:
                if isinstance(each, dict) and isinstance(each.get("uuid"), str):
                    found.append(each["uuid"])
    return found
