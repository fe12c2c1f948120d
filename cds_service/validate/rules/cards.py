"""Cards, suggestions and actions, as a client takes them. https://cds-hooks.hl7.org/2.0/#cds-service-response"""

import unicodedata
from collections.abc import Iterable, Iterator

from cds_service.validate.finding import Finding
from cds_service.validate.node import Node, of_name

# Soft hyphen, joiners and directional marks, which several scripts need; an override is none of them.
_PARTS_OF_WORDS = "\u00ad\u200c\u200d\u200e\u200f\u061c"
DELETE_BY_STRING = "cds-hooks_2.0@133"


def all_uuids_differ(cards: Iterable[Node]) -> Iterator[Finding]:
    """Feedback names a card or a suggestion by its uuid alone."""
    seen: set[str] = set()
    for card in cards:
        for named in (card, *card["suggestions"].objects):
            uuid = named["uuid"]
            if uuid.text and uuid.text.lower() in seen:
                message = "This uuid stands in the response before: feedback on it would name both."
                yield uuid.error("anakinra-cds_1@uuid-unique", message, "Give every card and suggestion its own uuid.")
            seen.add(uuid.text.lower())


def behaviour_needs_suggestions(card: Node) -> Iterator[Finding]:
    if card["selectionBehavior"] and not card["suggestions"]:
        message = "selectionBehavior is given, and there are no suggestions to select."
        fix = "Leave selectionBehavior out, or send the suggestions."
        yield of_name(card["selectionBehavior"].warning("cds-hooks_2.0@96", message, fix))


def topic_is_told(card: Node, profile: str) -> Iterator[Finding]:
    """Optional, and an error in the CRD profile, whose schema asks for it."""
    if profile != "crd" and card["source"].is_object and not card["source"]["topic"]:
        message = "topic is missing: clients can neither filter nor count cards like this one."
        fix = "Send topic with system, code and display."
        yield card["source"].hint("anakinra-cds_1@source-topic", message, fix)


def texts_are_plain(card: Node) -> Iterator[Finding]:
    """What is shown as one line: the summary and every label."""
    labelled = (card["source"], *card["suggestions"].objects, *card["links"].objects)
    for node in (card["summary"], *(each["label"] for each in labelled)):
        if any(_is_invisible(each) for each in node.text):
            message = (
                "The text holds control or bidirectional-override characters, which can hide or turn what is read."
            )
            yield node.warning("anakinra-cds_1@plain-text", message, "Send one line of visible characters.")
        elif node.text != node.text.strip():
            message = "White space stands before or after the text."
            yield node.hint("anakinra-cds_1@plain-text", message, "Send the text without it.")


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf") and character not in _PARTS_OF_WORDS


def action_names_its_resource(action: Node) -> Iterator[Finding]:
    """https://cds-hooks.hl7.org/2.0/#action"""
    kind, resource = action["type"].text, action["resource"]
    if kind == "update" and resource.is_object and not resource["id"].text:
        message = "The updated resource has no id: nobody knows which one it replaces."
        yield resource.error("cds-hooks_2.0@132", message, "Send the whole resource, with its id.")
    if kind == "delete" and isinstance(resource.value, str):
        message = "The resource to delete is named in resource, as CDS Hooks 1 did."
        fix = "Name it in resourceId, as Type/id, and leave resource out."
        yield resource.error(DELETE_BY_STRING, message, fix)
    if kind in ("create", "update") and action["resourceId"]:
        message = f"resourceId is for delete actions only; this is a {kind}."
        fix = "Leave resourceId out: the resource itself says what it is."
        yield of_name(action["resourceId"].warning("cds-hooks_2.0@134", message, fix))


def actions_of(holder: Node) -> Iterator[Node]:
    """The actions of a response's cards, or of one card, and system actions."""
    cards = holder["cards"].objects if holder["cards"] else [holder]
    for card in cards:
        for suggestion in card["suggestions"].objects:
            yield from suggestion["actions"].objects
    yield from holder["systemActions"].objects


def advises_only(response: Node) -> Iterator[Finding]:
    if response["systemActions"].objects:
        message = "systemActions are applied without asking the user; most clients pass over them."
        fix = "Offer the change as a suggestion on a card, unless client and service agreed on system actions."
        yield of_name(response["systemActions"].hint("anakinra-cds_1@system-actions", message, fix))
