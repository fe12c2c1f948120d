"""Feedback, where the service takes any: the endpoint is optional. https://cds-hooks.hl7.org/2.0/#feedback"""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cds_service.conform.bench import Bench, Offered
from cds_service.conform.exchange import Exchange
from cds_service.conform.verdicts import Group, NotTested, Verdict, failed, passed

Json = dict[str, Any]

group = Group("feedback", each_service=True)

_NO_ENDPOINT = (404, 405, 410, 501)
_TAKEN = "anakinra-cds_1@feedback-taken"
_MALFORMED = "anakinra-cds_1@feedback-malformed"


def _send(bench: Bench, service: Offered, body: bytes) -> Exchange:
    return bench.wire.post(bench.path(service, "feedback"), body)


def _items(*items: Json) -> bytes:
    return json.dumps({"feedback": list(items)}).encode()


def _overridden(card: str) -> Json:
    comment = "Sent by a conformance run."
    return _item(card, "overridden") | {"overrideReason": {"userComment": comment}}


def _item(card: str, outcome: str) -> Json:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"card": card, "outcome": outcome, "outcomeTimestamp": now}


def _card(bench: Bench, service: Offered) -> Json:
    """A card with a uuid from a service that takes feedback; NotTested if there is none, or no endpoint."""
    with_uuid = [each for each in bench.with_cards(service).exchange.cards or () if isinstance(each, dict)]
    with_uuid = [each for each in with_uuid if isinstance(each.get("uuid"), str)]
    if not with_uuid:
        raise NotTested("No card has a uuid, so a client has nothing to send feedback on")
    asked = _send(bench, service, _items(_overridden(with_uuid[0]["uuid"])))
    if asked.status in _NO_ENDPOINT:
        raise NotTested(f"No feedback endpoint (HTTP {asked.status}); it is optional")
    return max(with_uuid, key=lambda each: bool(_suggestions(each)))


def _suggestions(card: Json) -> list[str]:
    offered = card.get("suggestions")
    offered = offered if isinstance(offered, list) else []
    return [each["uuid"] for each in offered if isinstance(each, dict) and isinstance(each.get("uuid"), str)]


def _accepted(card: Json) -> Json:
    found = _suggestions(card)
    if not found:
        raise NotTested("No card has a suggestion with a uuid that could be accepted")
    return _item(card["uuid"], "accepted") | {"acceptedSuggestions": [{"id": found[0]}]}


def _taken(title: str, items: Callable[[Json], list[Json]]) -> None:
    @group.check(title, _TAKEN)
    def taken(bench: Bench, service: Offered) -> Verdict:
        body = _items(*items(_card(bench, service)))
        sent = [_send(bench, service, body), _send(bench, service, body)]
        for exchange, which in zip(sent, ("", ", sent again"), strict=True):
            if not exchange.ok:
                return failed(f"{title}{which}: {exchange.said}", exchange)
        return passed(*sent)


_taken("Feedback on an accepted suggestion is taken", lambda card: [_accepted(card)])
_taken("Feedback on an overridden card is taken", lambda card: [_overridden(card["uuid"])])
_taken(
    "Feedback with a reason for overriding is taken",
    lambda card: [_overridden(card["uuid"]) | {"overrideReason": {"reason": _reason(card), "userComment": "-"}}],
)
_taken("Several items of feedback in one call are taken", lambda card: [_overridden(card["uuid"]), _accepted(card)])


def _reason(card: Json) -> Json:
    offered = card.get("overrideReasons")
    if isinstance(offered, list) and offered and isinstance(offered[0], dict):
        return offered[0]
    return {"code": "other", "system": "urn:conform", "display": "Another reason"}


def _refused(title: str, body: Callable[[Json], bytes]) -> None:
    @group.check(f"{title} is refused", _MALFORMED)
    def refused(bench: Bench, service: Offered) -> Verdict:
        exchange = _send(bench, service, body(_card(bench, service)))
        return passed(exchange) if exchange.refused else failed(f"{title}: {exchange.said}, not a 4xx", exchange)


_refused("Feedback that is no JSON", lambda _: b"{")
_refused("Feedback without its list", lambda _: b"{}")
_refused("Feedback with an unknown outcome", lambda card: _items(_item(card["uuid"], "perhaps")))
_refused("Feedback without a card", lambda card: _items({k: v for k, v in _overridden("").items() if k != "card"}))
_refused("Acceptance without its suggestions", lambda card: _items(_item(card["uuid"], "accepted")))


@group.check("Feedback for an unknown card does no harm", "anakinra-cds_1@feedback-unknown-card")
def unknown_card(bench: Bench, service: Offered) -> Verdict:
    _card(bench, service)
    exchange = _send(bench, service, _items(_overridden(str(uuid.uuid4()))))
    return passed(exchange) if exchange.ok or exchange.refused else failed(exchange.said, exchange)
