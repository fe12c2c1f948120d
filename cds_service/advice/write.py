"""A finding becomes a card: CDS Hooks 2.0.1, https://cds-hooks.hl7.org/2.0/#card-attributes.

``write_cards`` is the way in. A card is a plain dict without null or empty members; numbers in suggested resources
are Decimal where the EHR's own resource had them so.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from cds_service.advice.detail import Parts, detail
from cds_service.advice.detail_static import standing_of
from cds_service.advice.evidence_key import about_orders, evidence_key, sources_of
from cds_service.advice.fillings import fillings, for_markdown, summary
from cds_service.advice.library import Library, Row
from cds_service.advice.markdown import clean
from cds_service.advice.occasion import CardContext, Occasion
from cds_service.advice.suggestions import offer_of
from cds_service.advice.suggestions_parts import Offer, Suggestion
from cds_service.clinical.findings import Assessment, Finding

__all__ = ["CardContext", "write_cards"]

EXTENSION: Final = "org.anakinra-cds"
"""The reverse-DNS key of a card's extension, the same as that of the response's."""

LABELS: Final = {"sandbox": "Anakinra neutropenia advice (sandbox)"}
_LABEL: Final = "Anakinra neutropenia advice"
_HOLD_CARDS: Final = frozenset({"hold-anakinra", "review-anakinra", "hold-tocilizumab"})
_YOU_DECIDE: Final = "You decide."
_HASH_DIGITS: Final = 12

Card = dict[str, Any]


def write_cards(assessment: Assessment, library: Library, context: CardContext) -> list[Card]:
    """One card for each finding, in their order.

    Raises KeyError for a row the library does not cover (``Library.check_covers`` names it at start-up).
    """
    occasion = Occasion(assessment, library, context)
    space = uuid5(NAMESPACE_URL, context.hook_instance)
    return [_card(finding, occasion, space) for finding in assessment.findings]


def _card(finding: Finding, occasion: Occasion, space: UUID) -> Card:
    card, row = occasion.library.row(finding.row, finding.variant)
    standing = standing_of(card, occasion.library)
    values = fillings(finding, occasion)
    offer = offer_of(finding, occasion)
    orders = about_orders(finding, occasion)
    uuid = uuid5(space, finding.code + ",".join(draft.source for draft in finding.drafts))
    parts = Parts(card, row, standing, values, _offered(offer, row, values))
    written: Card = {
        "uuid": str(uuid),
        "summary": summary(row, values),
        "indicator": row.indicator,
        "detail": detail(finding, parts, occasion),
        "source": {"label": LABELS.get(occasion.context.mode, _LABEL), "topic": standing.topic},
    }
    if standing.links:
        written["links"] = list(standing.links)
    if offer.suggestions:
        written["suggestions"] = [_suggestion(each, uuid) for each in offer.suggestions]
        written["selectionBehavior"] = "at-most-one"
    if occasion.on_order or finding.code in _HOLD_CARDS:
        written["overrideReasons"] = _override_reasons(occasion.library)
    written["extension"] = {EXTENSION: _extension(finding, occasion, orders)}
    return written


def _suggestion(suggestion: Suggestion, card: UUID) -> Card:
    written: Card = {"label": suggestion.label, "uuid": str(uuid5(card, suggestion.label))}
    if suggestion.recommended:
        written["isRecommended"] = True
    written["actions"] = list(suggestion.actions)
    return written


def _offered(offer: Offer, row: Row, values: Mapping[str, str]) -> str:
    """What the suggestions do, in words: some EHRs show no suggestions. It ends with who decides."""
    if not offer.suggestions:
        return ""
    words = offer.instead or row.offer.fill(for_markdown(values))
    words = words.removesuffix(_YOU_DECIDE).rstrip()
    return " ".join(part for part in (words, offer.also, _YOU_DECIDE) if part)


def _override_reasons(library: Library) -> list[dict[str, str]]:
    return [{"code": each.code, "system": each.system, "display": each.display} for each in library.overrides]


def _extension(finding: Finding, occasion: Occasion, orders: Iterable[str]) -> Card:
    """For machines: when, about which orders, by which rule and version, on what evidence."""
    members: dict[str, Any] = {
        "dataAsOf": occasion.now_iso,
        "orders": [clean(order, 200) for order in orders],
        "row": finding.row,
        "variant": finding.variant,
        "rulesVersion": occasion.library.version,
        "contentHash": occasion.library.content_hash[:_HASH_DIGITS],
        "profile": occasion.context.profile,
        "evidence": evidence_key(finding, occasion),
        "sources": sources_of(finding, occasion),
        "incomplete": list(finding.incomplete),
    }
    return {name: value for name, value in members.items() if value}
