"""Which parts of the contract an answer holds: a requirement on links is only tested where a link was seen."""

from collections.abc import Iterator
from typing import Any

_NO_CARD = "No call brought a card: give one that does with --request FILE"
_IN_WORDS = {
    "service": "Discovery lists no service",
    "service.prefetch": "No service asks for prefetch",
    "prefetch.token": "No prefetch template has a token",
    "extension": "No answer had an extension",
    "response": "No call was answered",
    "response.empty": "Every call brought a card",
    "response.systemActions": "No answer had systemActions",
    "response.url": "No card had a URL",
    "card": _NO_CARD,
    "card.source": "No card had a source",
    "coding": "No card had a topic or override reasons",
    "link": "No card had links",
    "link.absolute": "No card had an absolute link",
    "link.appContext": "No link had appContext",
    "suggestion": "No card had suggestions",
    "action": "No suggestion had actions",
    "action.resource": "No action had a resource",
    "action.create": "No action was a create",
    "action.update": "No action was an update",
    "action.delete": "No action was a delete",
}


def unseen(part: str) -> str:
    """Why a requirement on ``part`` was not tested."""
    if part.startswith("hook."):
        return f"No service listens to {part.removeprefix('hook.')}"
    owner, _, member = part.partition(".")
    return _IN_WORDS.get(part) or f"No {owner} had {member}"


def of_discovery(body: Any) -> Iterator[str]:
    """The parts of a discovery answer."""
    for service in _objects(body, "services"):
        yield "service"
        yield f"hook.{service.get('hook')}"
        templates = service.get("prefetch")
        if isinstance(templates, dict) and templates:
            yield "service.prefetch"
            if any("{{" in each for each in templates.values() if isinstance(each, str)):
                yield "prefetch.token"
        if "extension" in service:
            yield "extension"


def of_response(body: Any) -> Iterator[str]:
    """The parts of a service response."""
    yield "response"
    if not isinstance(body, dict):
        return
    if body.get("cards") == []:
        yield "response.empty"
    yield from _members(body, "response", "systemActions")
    for card in _objects(body, "cards"):
        yield from _of_card(card)
    if "extension" in body:
        yield "extension"


def _of_card(card: dict[str, Any]) -> Iterator[str]:
    yield "card"
    yield from _members(
        card, "card", "uuid", "detail", "source", "suggestions", "selectionBehavior", "overrideReasons", "links"
    )
    if "extension" in card:
        yield "extension"
    source = card.get("source")
    if isinstance(source, dict):
        yield from _members(source, "source", "url", "icon", "topic")
        yield from ("response.url" for name in ("url", "icon") if name in source)
    if card.get("overrideReasons") or (isinstance(source, dict) and "topic" in source):
        yield "coding"
    for link in _objects(card, "links"):
        yield from ("link", "response.url", f"link.{link.get('type')}")
        yield from _members(link, "link", "appContext")
    for suggestion in _objects(card, "suggestions"):
        yield "suggestion"
        yield from _members(suggestion, "suggestion", "uuid", "isRecommended", "actions")
        for action in _objects(suggestion, "actions"):
            yield from ("action", f"action.{action.get('type')}")
            yield from _members(action, "action", "resource")


def _members(owner: dict[str, Any], name: str, *members: str) -> Iterator[str]:
    return (f"{name}.{each}" for each in members if each in owner)


def _objects(owner: Any, name: str) -> list[dict[str, Any]]:
    found = owner.get(name) if isinstance(owner, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
