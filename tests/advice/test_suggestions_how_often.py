"""The words of an offer and its actions say the same of how often the count is repeated."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from cds_service.clinical.scene import Hook
from tests.advice.writing import Card, card_in, cards_of, patient_on_file
from tests.clinical.patients import patients

EVERY = "every 1-2 days"
HELD = "anakinra on-hold from day -60 until day -6 (reason neutropenia)"
COUNTS = "0.8 @ day -7; 0.9 @ day -1"
FEVER = "temp 39 @ 1 h ago"

# code of the card, the record (anakinra held, the count low)
HELD_AND_LOW: list[tuple[str, dict[str, str]]] = [
    ("neutropenic-fever", {"labs": FEVER}),
    ("neutropenic-fever", {"labs": FEVER, "counts": "0.8 @ day -7; 0.4 @ day -1"}),
    ("do-not-start-anakinra", {"ordered": "anakinra"}),
    ("do-not-start-anakinra", {"ordered": "anakinra", "counts": "0.8 @ day -7; 0.4 @ day -1"}),
    ("anakinra-in-mas", {"ordered": "anakinra", "conditions": "hlh"}),
    ("tocilizumab-below-threshold", {"ordered": "tocilizumab"}),
    ("tocilizumab-below-threshold", {"ordered": "tocilizumab", "counts": "0.8 @ day -7; 0.4 @ day -1"}),
]


def offered(card: Card) -> str:
    _, _, words = card["detail"].partition("*Offered:*")
    return str(words)


def ordered(card: Card) -> bool:
    """Whether an action repeats the count, by its description; its timing must say the same."""
    actions = [action for each in card.get("suggestions", []) for action in each["actions"]]
    said = [EVERY in action["description"] for action in actions]
    timed = [EVERY in json.dumps(action.get("resource", {}).get("occurrenceTiming")) for action in actions]
    assert said == timed
    return any(said)


@pytest.mark.parametrize(("code", "cells"), HELD_AND_LOW)
def test_held_and_low_is_counted_until_recovery_and_said_to_be(code: str, cells: dict[str, str]) -> None:
    card = card_in(patient_on_file(**{"orders": HELD, "counts": COUNTS} | cells), code)
    assert ordered(card)
    assert "rder a CBC with differential every 1-2 days until recovery" in offered(card)


def test_a_draft_that_cannot_be_removed_has_its_counts_said_too() -> None:
    record = patient_on_file(orders=HELD, counts=COUNTS, ordered="anakinra")
    unnamed = replace(record, drafts=tuple(replace(each, source="urn:uuid:7c1b") for each in record.drafts))
    card = card_in(unnamed, "do-not-start-anakinra")
    assert "CBC with differential every 1-2 days until recovery; this draft carries no id" in offered(card)


@given(patients())
def test_the_words_say_every_1_2_days_where_an_action_does_and_nowhere_else(record: Any) -> None:
    for card in (card for hook in Hook for card in cards_of(record, hook)):
        assert (EVERY in offered(card)) is ordered(card), card["source"]["topic"]["code"]
