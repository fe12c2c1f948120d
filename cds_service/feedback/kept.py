"""The cards of an answer: what feedback and the audit keep of them, and nothing of the patient."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cds_service.codes.systems import EXTENSION


class KeptCard(NamedTuple):
    """One card: its uuid ("" where it has none), indicator, advice code, and what it offered by uuid.

    ``row``, ``evidence`` and ``sources``: the rule behind it, the key of its evidence, the resources it names.
    ``withheld``: why it did not leave (``switches.discretion``); "" for one that was shown.
    """

    uuid: str
    code: str
    indicator: str
    suggestions: Mapping[str, str] = {}
    row: str = ""
    evidence: str = ""
    sources: Sequence[str] = ()
    withheld: str = ""


class Answered(NamedTuple):
    """The cards of one answer: which service showed them, and when."""

    service_id: str
    hook: str
    at: datetime
    cards: Sequence[KeptCard]


def kept_cards(cards: Iterable[Mapping[str, Any]], withheld: Mapping[int, str] = {}) -> list[KeptCard]:
    """What is kept of the cards of one answer. ``withheld``: by position, why one did not leave."""
    return [_kept(card, withheld.get(at, "")) for at, card in enumerate(cards)]


def _kept(card: Mapping[str, Any], withheld: str) -> KeptCard:
    extension = card.get("extension", {}).get(EXTENSION, {})
    return KeptCard(
        card.get("uuid", ""),
        card["source"]["topic"]["code"],
        card.get("indicator", ""),
        {each["uuid"]: each["label"] for each in card.get("suggestions", ())},
        extension.get("row", ""),
        extension.get("evidence", ""),
        extension.get("sources", ()),
        withheld,
    )
