"""A finding becomes a card: CDS Hooks 2.0.1, https://cds-hooks.hl7.org/2.0/#card-attributes.

``write_cards`` is the way in. A card is a plain dict without null or empty members; numbers in suggested resources
are Decimal where the EHR's own resource had them so.
"""

from collections.abc import Iterable
from typing import Any, Final

from cds_service.advice.detail import Parts, detail
from cds_service.advice.detail_static import standing_of
from cds_service.advice.evidence_key import about_orders, evidence_key, evidence_of, sources_of
from cds_service.advice.fillings import Fillings, ForMarkdown, summary
from cds_service.advice.library import Library, Row
from cds_service.advice.markdown import clean
from cds_service.advice.name_uuid import NameUuid, url_uuid
from cds_service.advice.occasion import CardContext, Occasion
from cds_service.advice.suggestions import offer_of
from cds_service.advice.suggestions_parts import Offer, Suggestion
from cds_service.advice.suggestions_shown import shown
from cds_service.clinical.findings import Assessment, Finding
from cds_service.codes.systems import EXTENSION

__all__ = ["CardContext", "write_cards"]

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
    names = _names(assessment.findings)
    space = url_uuid(context.hook_instance)
    return [_card(finding, occasion, space.of(name)) for finding, name in zip(assessment.findings, names, strict=True)]


def _names(findings: Iterable[Finding]) -> Iterable[str]:
    """What tells the cards of one answer apart: the advice and the orders. Two orders of one id get a mark."""
    names: dict[str, None] = {}
    for finding in findings:
        name = finding.code + ",".join(draft.source for draft in finding.drafts)
        while name in names:
            name += "'"
        names[name] = None
    return names


def _card(finding: Finding, occasion: Occasion, uuid: NameUuid) -> Card:
    card, row = occasion.library.row(finding.row, finding.variant)
    standing = standing_of(card, occasion.library)
    offer = offer_of(finding, occasion)
    values = Fillings(finding, occasion, offer.values)
    orders = about_orders(finding, occasion)
    suggestions = shown(offer.suggestions, occasion.context.suggestions)
    by_hand = suggestions != offer.suggestions
    parts = Parts(card, row, standing, values, _offered(offer, row, values), by_hand)
    written: Card = {
        "uuid": uuid.text,
        "summary": summary(row, values),
        "indicator": row.indicator,
        "detail": detail(finding, parts, occasion),
        "source": {"label": LABELS.get(occasion.context.mode, _LABEL), "topic": standing.topic},
    }
    if standing.links:
        written["links"] = list(standing.links)
    if suggestions:
        written["suggestions"] = [_suggestion(each, uuid) for each in suggestions]
        written["selectionBehavior"] = "at-most-one"
    if occasion.on_order or finding.code in _HOLD_CARDS:
        written["overrideReasons"] = list(standing.overrides)
    written["extension"] = {EXTENSION: _extension(finding, occasion, orders)}
    return written


def _suggestion(suggestion: Suggestion, card: NameUuid) -> Card:
    written: Card = {"label": suggestion.label, "uuid": card.of(suggestion.label).text}
    if suggestion.recommended:
        written["isRecommended"] = True
    written["actions"] = list(suggestion.actions)
    return written


def _offered(offer: Offer, row: Row, values: Fillings) -> str:
    """What the suggestions do, in words: some EHRs show no suggestions. It ends with who decides."""
    if not offer.suggestions:
        return ""
    words = offer.instead or row.offer.fill(ForMarkdown(values))
    words = words.removesuffix(_YOU_DECIDE).rstrip()
    return " ".join(part for part in (words, offer.also, _YOU_DECIDE) if part)


def _extension(finding: Finding, occasion: Occasion, orders: Iterable[str]) -> Card:
    """For machines: when, about which orders, by which rule and version, on what evidence."""
    evidence = evidence_of(finding, occasion)
    members: dict[str, Any] = {
        "dataAsOf": occasion.now_iso,
        "orders": [clean(order, 200) for order in orders],
        "row": finding.row,
        "variant": finding.variant,
        "rulesVersion": occasion.library.version,
        "contentHash": occasion.library.content_hash[:_HASH_DIGITS],
        "profile": occasion.context.profile,
        "evidence": evidence_key(finding, occasion, evidence),
        "sources": sources_of(evidence),
        "incomplete": list(finding.incomplete),
    }
    return {name: value for name, value in members.items() if value}
