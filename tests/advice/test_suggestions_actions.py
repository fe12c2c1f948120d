"""What accepting a suggestion would do, action by action."""

from dataclasses import replace
from typing import Any

import pytest

from tests.advice.writing import Card, card_in, labels, patient_on_file
from tests.clinical.notation import patient

ON = "anakinra active from day -41"
HELD = "anakinra on-hold from day -60 until day -6 (reason neutropenia)"
START_LABS = "platelets 200 @ day -2; ALT 20 @ day -2 (ULN 40); AST 20 @ day -2 (ULN 40)"
MAS = "ferritin 2400 @ 3 h ago; platelets 98 @ 3 h ago; AST 120 @ 3 h ago (ULN 40)"
HOLD, REPEAT = "Hold anakinra and repeat the count", "Repeat the count only"
CBC, SWITCH = "Order CBC with differential", "Switch to tocilizumab"
RECHALLENGE, REMOVE, MAS_LABS = "Plan a rechallenge", "Remove this order", "Order MAS labs"


def actions(card: Card, label: str) -> list[str]:
    (suggestion,) = [each for each in card["suggestions"] if each["label"] == label]
    return [f"{each['type']} {each.get('resourceId') or name_of(each['resource'])}" for each in suggestion["actions"]]


def name_of(resource: dict[str, Any]) -> str:
    concept = resource.get("code") or resource["medicationCodeableConcept"]
    return str(resource["resourceType"] + " " + (resource.get("id") or concept["coding"][0]["code"]))


def test_every_active_order_is_held_and_the_draft_goes_with_it() -> None:
    record = patient_on_file(
        orders=f"{ON}; anakinra active from day -3; anakinra completed from day -99 until day -60",
        counts="0.9 @ day -1",
        ordered="anakinra; anakinra",
    )
    assert actions(card_in(record, "hold-anakinra"), HOLD) == [
        "delete MedicationRequest/draft-1",
        "delete MedicationRequest/draft-2",
        "update MedicationRequest 1",
        "update MedicationRequest 2",
        "create ServiceRequest 57021-8",
    ]


def test_removing_an_order_also_orders_a_count() -> None:
    card = card_in(patient(counts="0.8 @ day -1", ordered="anakinra"), "do-not-start-anakinra")
    assert actions(card, REMOVE) == ["delete MedicationRequest/draft-1", "create ServiceRequest 57021-8"]


@pytest.mark.parametrize("source", ["urn:uuid:7c1b", "MedicationRequest (entry 1 of draftOrders)", "a/b c", "a/b/c"])
def test_a_draft_that_cannot_be_named_is_not_removed(source: str) -> None:
    record = patient_on_file(counts="0.8 @ day -1", ordered="anakinra")
    unnamed = replace(record, drafts=tuple(replace(each, source=source) for each in record.drafts))
    card = card_in(unnamed, "do-not-start-anakinra")
    assert labels(card) == [CBC]
    assert "this draft carries no id" in card["detail"]
    on = replace(unnamed, medications=patient_on_file(orders=ON).medications)
    assert labels(card_in(on, "hold-anakinra")) == [HOLD, REPEAT]


def test_a_switch_drafts_the_order_and_its_labs() -> None:
    cells = {"orders": HELD, "counts": "0.8 @ day -7; 2.0 @ day -1", "labs": START_LABS}
    card = card_in(patient_on_file(**cells), "rechallenge-or-switch")
    labs = ["create ServiceRequest 57021-8", "create ServiceRequest 24325-3"]
    assert actions(card, SWITCH) == ["create MedicationRequest 612865", *labs]
    assert actions(card, RECHALLENGE) == ["create MedicationRequest 72435", *2 * ["create ServiceRequest 57021-8"]]


def test_only_the_missing_mas_labs_are_ordered() -> None:
    card = card_in(patient(orders=ON, counts="3 @ day -1", labs=MAS), "mas-pattern")
    assert actions(card, MAS_LABS) == ["create ServiceRequest 2571-8", "create ServiceRequest 3255-7"]


def test_nothing_is_put_on_hold_whose_original_is_not_at_hand() -> None:
    card = card_in(patient(orders=ON, counts="0.9 @ day -1"), "hold-anakinra")
    assert labels(card) == [REPEAT]
