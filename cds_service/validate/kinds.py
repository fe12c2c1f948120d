"""What a payload is, by its members; honest where they do not tell."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from cds_service.validate.words import either, kind_of

AUTO, UNKNOWN = "auto", "unknown"
KINDS = ("request", "response", "discovery", "feedback", "card")
# Any of these names is enough.
_TELLING = {
    "feedback": ("feedback",),
    "discovery": ("services",),
    "response": ("cards", "systemactions"),
    "request": ("hook", "hookinstance", "context", "fhirauthorization"),
    "card": ("summary", "indicator", "selectionbehavior", "overridereasons"),
}
# What is sent without the object that belongs around it.
_UNWRAPPED = {
    "feedback": ("outcome", "outcometimestamp", "acceptedsuggestions"),
    "discovery": ("usagerequirements",),
}
_NEAR = 0.8


def kind_by_members(value: Any) -> str:
    """The kind whose members are there, in whatever case or nearly right; UNKNOWN if none, or none alone.

    A list is what its items are, without the object that belongs around them.
    """
    if isinstance(value, list):
        return _kind_of_items(value)
    found = _kinds(value)
    return found[0] if len(found) == 1 else UNKNOWN


def why_unknown(value: Any) -> str:
    """Why the kind cannot be told, in one line."""
    if not isinstance(value, dict):
        return f"The payload is {kind_of(value)}; every CDS Hooks payload is an object."
    if isinstance(value.get("resourceType"), str):
        return "The payload is a FHIR resource by itself, none of the payloads of CDS Hooks."
    if found := _kinds(value):
        return f"The payload has members of more than one kind: {either(found)}."
    return "The payload has none of the members that tell its kind: hook, cards, services, feedback or summary."


def _kinds(value: Any) -> list[str]:
    names = [name.lower() for name in value] if isinstance(value, dict) else []
    return _telling(names, _TELLING) or _telling(names, _UNWRAPPED) or _near(names)


def _telling(names: Iterable[str], telling: dict[str, tuple[str, ...]]) -> list[str]:
    return [kind for kind, words in telling.items() if not set(words).isdisjoint(names)]


def _near(names: list[str]) -> list[str]:
    short = [name for name in names if len(name) < 40]
    return [kind for kind, words in _TELLING.items() if any(get_close_matches(word, short, 1, _NEAR) for word in words)]


def _kind_of_items(items: list[Any]) -> str:
    first = next((item for item in items if isinstance(item, dict)), {})
    if "hook" in first and "id" in first:
        return "discovery"
    found = _kinds(first)
    return {"card": "response"}.get(found[0], found[0]) if len(found) == 1 else UNKNOWN
