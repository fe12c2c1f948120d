"""Which of a session's orders the advice is about."""

import json

import msgspec
import pytest

from cds_service.fhir.chart import Orders

ANAKINRA, ASPIRIN = "MedicationRequest/anakinra", "MedicationRequest/aspirin"


def orders(*selections: str) -> Orders:
    entries = [
        {"resource": {"resourceType": "MedicationRequest", "id": name, "medicationCodeableConcept": {"text": name}}}
        for name in ("anakinra", "aspirin")
    ]
    bundle = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    return Orders("pat1", msgspec.Raw(bundle), selections)


@pytest.mark.parametrize(
    ("selections", "expected"),
    [
        ([ANAKINRA], [ANAKINRA]),
        ([ASPIRIN], [ASPIRIN]),
        ([ANAKINRA, ASPIRIN], [ANAKINRA, ASPIRIN]),
        # whoever points to an order that is not there may have meant any of those that are
        ([ASPIRIN, "MedicationRequest/elsewhere"], [ANAKINRA, ASPIRIN]),
        ([ASPIRIN, "MedicationRequest/Anakinra"], [ANAKINRA, ASPIRIN]),
        (["MedicationRequest/elsewhere"], [ANAKINRA, ASPIRIN]),
        ([], []),
    ],
)
def test_the_selected_orders(selections: list[str], expected: list[str]) -> None:
    assert [draft.source for draft in orders(*selections).drafts() if draft.selected] == expected


def test_a_hook_without_a_selection_is_about_every_order() -> None:
    every = orders()._replace(selections=None)
    assert all(draft.selected for draft in every.drafts())
