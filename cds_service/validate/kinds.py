"""What a payload is, by its members; honest where they do not tell."""

from typing import Any

from cds_service.validate.words import either, kind_of

AUTO, UNKNOWN = "auto", "unknown"
KINDS = ("request", "response", "discovery", "feedback", "card")
# Any of these names is enough; kinds that are told apart by one name stand first.
_TELLING = {
    "feedback": ("feedback",),
    "discovery": ("services",),
    "response": ("cards", "systemactions"),
    "request": ("hook", "hookinstance", "context", "fhirauthorization"),
    "card": ("summary", "indicator", "selectionbehavior", "overridereasons"),
}


def kind_by_members(value: Any) -> str:
    """The kind whose members are there, in whatever case they are written; UNKNOWN if none, or none alone."""
    if not isinstance(value, dict):
        return UNKNOWN
    names = {name.lower() for name in value}
    found = [kind for kind, telling in _TELLING.items() if names.intersection(telling)]
    return found[0] if len(found) == 1 else UNKNOWN


def why_unknown(value: Any) -> str:
    """Why the kind cannot be told, in one line."""
    if not isinstance(value, dict):
        return f"The payload is {kind_of(value)}; every CDS Hooks payload is an object."
    if isinstance(value.get("resourceType"), str):
        return "The payload is a FHIR resource by itself, none of the payloads of CDS Hooks."
    names = {name.lower() for name in value}
    found = [kind for kind, telling in _TELLING.items() if names.intersection(telling)]
    if found:
        return f"The payload has members of more than one kind: {either(found)}."
    return "The payload has none of the members that tell its kind: hook, cards, services, feedback or summary."
