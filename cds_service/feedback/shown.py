"""Which cards an answer shows: what feedback and the audit keep of them, and nothing of the patient."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cds_service.codes.systems import EXTENSION


class ShownCard(NamedTuple):
    """One card as it left: its uuid ("" where it has none), indicator, advice code, and what it offered by uuid.

    ``row``, ``evidence`` and ``sources``: the rule behind it, the key of its evidence, the resources it names.
    """

    uuid: str
    code: str
    indicator: str
    suggestions: Mapping[str, str] = {}
    row: str = ""
    evidence: str = ""
    sources: Sequence[str] = ()


class Answered(NamedTuple):
    """The cards of one answer: which service showed them, and when."""

    service_id: str
    hook: str
    at: datetime
    cards: Sequence[ShownCard]


def shown_cards(cards: Iterable[Mapping[str, Any]]) -> list[ShownCard]:
    """What is kept of the cards of one answer."""
    return [_shown(card) for card in cards]


def _shown(card: Mapping[str, Any]) -> ShownCard:
    extension = card.get("extension", {}).get(EXTENSION, {})
    return ShownCard(
        card.get("uuid", ""),
        card["source"]["topic"]["code"],
        card.get("indicator", ""),
        {each["uuid"]: each["label"] for each in card.get("suggestions", ())},
        extension.get("row", ""),
        extension.get("evidence", ""),
        extension.get("sources", ()),
    )
