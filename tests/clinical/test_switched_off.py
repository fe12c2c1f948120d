"""Advice that is switched off: what it found is said to be unknown, and what hangs on it stays careful."""

from collections.abc import Sequence

import pytest

from cds_service.advice.write import CardContext, write_cards
from cds_service.clinical.assess import Assessment
from cds_service.clinical.findings import Answer
from cds_service.clinical.scene import Hook
from cds_service.clinical.switched_off import without

from . import notation
from .answers import assessed, library

LOW = {"orders": "anakinra active from day -40", "counts": "0.8 @ day -1"}
WITH_MAS = LOW | {
    "conditions": "sjia",
    "labs": "temp 39 @ 1 h ago; ferritin 900 @ day -1; platelets 150 @ day -1; AST 90 @ day -1",
}


def codes(assessment: Assessment) -> list[str]:
    return [finding.code for finding in assessment.findings]


def answers(assessment: Assessment, *rules: str) -> list[str]:
    return [f"{each.answer}: {each.reason}" for each in assessment.outcomes if each.rule in rules]


# What is off; the codes that are left; the reason that the first card gives.
TABLE: list[tuple[Sequence[str], list[str], str]] = [
    ((), ["neutropenic-fever", "mas-pattern"], ""),
    (("hold-anakinra",), ["neutropenic-fever", "mas-pattern"], ""),
    (("mas-pattern",), ["not-assessed", "neutropenic-fever"], "the advice mas-pattern is switched off here"),
    (("neutropenic-fever",), ["not-assessed", "mas-pattern"], "the advice neutropenic-fever is switched off here"),
    (("mas-pattern", "neutropenic-fever"), ["not-assessed"], "2 kinds of advice are switched off here"),
]


@pytest.mark.parametrize(("off", "left", "reason"), TABLE)
def test_what_is_off_is_said_to_be_unknown(off: Sequence[str], left: list[str], reason: str) -> None:
    assessment = without(assessed(notation.patient(**WITH_MAS)), frozenset(off))

    assert codes(assessment) == left
    assert assessment.findings[0].facts.get("reason", "") == reason


def test_its_rule_is_not_evaluated_and_others_stay_as_they_are() -> None:
    whole = assessed(notation.patient(**LOW))
    assessment = without(whole, frozenset({"hold-anakinra"}))

    assert answers(assessment, "PV9") == ["NOT EVALUATED: switched off here"]
    assert [each for each in assessment.outcomes if each.rule != "PV9"] == [
        each for each in whole.outcomes if each.rule != "PV9"
    ]
    assert not any(each.answer is Answer.FINDING for each in assessment.outcomes)


def test_orders_stay_with_the_card_that_takes_the_place() -> None:
    record = notation.patient(ordered="anakinra", counts="1.2 @ day -1")
    assessment = without(assessed(record, Hook.SIGN), frozenset({"do-not-start-anakinra"}))

    (card,) = assessment.findings
    assert (card.code, card.variant, len(card.drafts)) == ("not-assessed", "order", 1)


@pytest.mark.parametrize("off", [frozenset(), frozenset({"mas-pattern"})])
def test_a_hold_is_not_recommended_with_mas_said_or_unsaid(off: frozenset[str]) -> None:
    afebrile = WITH_MAS | {"labs": WITH_MAS["labs"].removeprefix("temp 39 @ 1 h ago; ")}
    cards = write_cards(without(assessed(notation.patient(**afebrile)), off), library(), CardContext("i"))

    (hold,) = [card for card in cards if card["source"]["topic"]["code"] == "hold-anakinra"]
    assert not any(suggestion.get("isRecommended") for suggestion in hold["suggestions"])
