"""Where a card breaks CDS Hooks 2.0, in words: what an integration engineer wants to be told by an EHR.

https://cds-hooks.hl7.org/2.0/#card-attributes . Only what an EHR would trip over is checked.
"""

from collections.abc import Iterator
from typing import Any

INDICATORS = ("info", "warning", "critical")
SUMMARY_LENGTH = 140
_ACTION_TYPES = ("create", "update", "delete")


def card_faults(cards: list[Any]) -> list[str]:
    """Every fault of every card, each with the card's number; empty if they conform."""
    return [f"card {number}: {fault}" for number, card in enumerate(cards, 1) for fault in _card(card)]


def _card(card: Any) -> Iterator[str]:
    if not isinstance(card, dict):
        yield "is no JSON object"
        return
    yield from _empty(card, "")
    summary = card.get("summary")
    if not isinstance(summary, str) or len(summary) >= SUMMARY_LENGTH:
        yield f"summary must be text of under {SUMMARY_LENGTH} characters"
    if card.get("indicator") not in INDICATORS:
        yield f"indicator must be one of {', '.join(INDICATORS)}"
    source = card.get("source")
    if not isinstance(source, dict) or not isinstance(source.get("label"), str):
        yield "source.label is missing"
    if card.get("suggestions") and card.get("selectionBehavior") not in ("at-most-one", "any"):
        yield "selectionBehavior must be at-most-one or any where there are suggestions"
    for suggestion in objects(card, "suggestions"):
        yield from _suggestion(suggestion)
    for link in objects(card, "links"):
        if not all(isinstance(link.get(key), str) for key in ("label", "url", "type")):
            yield "a link needs label, url and type"


def _suggestion(suggestion: dict[str, Any]) -> Iterator[str]:
    if not isinstance(suggestion.get("label"), str):
        yield "a suggestion has no label"
    for action in objects(suggestion, "actions"):
        if action.get("type") not in _ACTION_TYPES or not isinstance(action.get("description"), str):
            yield "an action needs a type (create, update, delete) and a description"
        elif action["type"] == "delete" and not action.get("resourceId"):
            yield "a delete action needs a resourceId"
        elif action["type"] != "delete" and not isinstance(action.get("resource"), dict):
            yield f"a {action['type']} action needs the resource"


def _empty(value: Any, path: str) -> Iterator[str]:
    """Null and empty attributes, which the specification forbids. Suggested resources are FHIR's own business."""
    if value is None or value in ("", [], {}):
        yield f"{path} is null or empty"
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("resource", "extension"):
                yield from _empty(each, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _empty(each, f"{path}[{number}]")


def objects(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The JSON objects in a list attribute; whatever else is there is left out."""
    value = holder.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
