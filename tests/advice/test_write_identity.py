"""What is the same from call to call, and what tells two cards apart."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from cds_service.advice.occasion import CardContext
from cds_service.clinical.scene import Hook
from tests.advice.writing import card_of, cards_of, extension, patient_on_file
from tests.clinical.notation import patient

LOW = {"orders": "anakinra active from day -41", "counts": "4.4 @ day -32; 0.96 @ day -2 08:10"}


def low_patient(**cells: str) -> dict[str, Any]:
    return card_of("hold-anakinra", patient_on_file(**(LOW | cells)))


def test_identifiers_repeat_for_the_same_call_and_differ_between_calls() -> None:
    record = patient_on_file(**LOW)
    first, again = cards_of(record), cards_of(record)
    assert first == again
    (other,) = cards_of(record, context=CardContext("another"))
    assert other["uuid"] != first[0]["uuid"]
    assert [each["uuid"] for each in other["suggestions"]] != [each["uuid"] for each in first[0]["suggestions"]]
    assert UUID(other["uuid"]).version == 5


def test_the_evidence_key_is_the_same_for_the_same_advice_on_the_same_evidence() -> None:
    """Whatever the hook and its instance: so that a client can fold the repeats."""
    chart = low_patient()
    order = card_of("hold-anakinra", patient_on_file(**LOW, ordered="anakinra"), Hook.SIGN)
    assert extension(chart)["evidence"] == extension(order)["evidence"]
    assert chart["uuid"] != order["uuid"]


@pytest.mark.parametrize(
    "change",
    [
        {"counts": "4.4 @ day -32; 0.95 @ day -2 08:10"},
        {"counts": "4.4 @ day -32; 0.96 @ day -1 08:10"},
        {"orders": "anakinra active from day -41; anakinra active from day -20"},
    ],
)
def test_the_evidence_key_changes_with_the_evidence(change: dict[str, str]) -> None:
    assert extension(low_patient(**change))["evidence"] != extension(low_patient())["evidence"]


def test_the_evidence_key_differs_between_patients_and_shows_nothing_of_them() -> None:
    record = patient_on_file(**LOW)
    (card,) = cards_of(record)
    (other,) = cards_of(replace(record, patient_id="another-patient"))
    key = extension(card)["evidence"]
    assert key != extension(other)["evidence"]
    assert len(key) == 16
    assert int(key, 16)


def test_the_evidence_of_an_overlay_includes_its_values() -> None:
    def key(ferritin: str) -> Any:
        labs = f"ferritin {ferritin} @ day -1; platelets 120 @ day -1; TG 200 @ day -1"
        record = patient(orders="anakinra active from day -41", counts="3.0 @ day -2", labs=labs)
        return extension(card_of("mas-pattern", record))["evidence"]

    assert key("900") == key("900") != key("901")
