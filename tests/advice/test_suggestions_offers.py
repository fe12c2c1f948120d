"""Which card offers what, to whom, and with which actions: the table of the clinical specification."""

from typing import Any

import pytest
from hypothesis import given

from cds_service.clinical.scene import Hook
from tests.advice.writing import card_in, cards_of, labels, patient_on_file
from tests.clinical.patients import patients

ON = "anakinra active from day -41"
HELD = "anakinra on-hold from day -60 until day -6 (reason neutropenia)"
FAILED = (
    "anakinra on-hold from day -100 until day -90; anakinra on-hold from day -60 until day -10 (reason neutropenia)"
)
FAILED_COUNTS = "0.75 @ day -91; 2.0 @ day -88; 1.12 @ day -11; 2.4 @ day -3"
START_LABS = "platelets 200 @ day -2; ALT 20 @ day -2 (ULN 40); AST 20 @ day -2 (ULN 40)"
MAS = "ferritin 2400 @ 3 h ago; platelets 98 @ 3 h ago; AST 120 @ 3 h ago (ULN 40)"

HOLD, REPEAT = "Hold anakinra and repeat the count", "Repeat the count only"
CBC, HEPATIC = "Order CBC with differential", "Order CBC with differential and hepatic panel"
SWITCH, LABS = "Switch to tocilizumab", "Order the labs tocilizumab needs"
RECHALLENGE, REMOVE = "Plan a rechallenge", "Remove this order"
EARLY, MAS_LABS, BOTH = "Add early counts", "Order MAS labs", "Repeat the count and MAS labs"

# code of the card, the record, what it offers; what is recommended is marked with a star
OFFERS: list[tuple[str, dict[str, str], list[str]]] = [
    ("hold-anakinra", {"orders": ON, "counts": "0.96 @ day -1"}, [HOLD + "*", REPEAT]),
    ("hold-anakinra", {"orders": ON, "counts": "0.4 @ day -1"}, [HOLD + "*", REPEAT]),
    ("review-anakinra", {"orders": ON, "counts": "1.0 @ day -1"}, [HOLD, REPEAT]),
    ("hold-anakinra", {"orders": ON, "counts": "0.9 @ day -1", "labs": MAS}, [HOLD, REPEAT]),
    ("hold-anakinra", {"orders": ON, "counts": "0.9 @ day -1", "labs": "platelets 120 @ day -1"}, [HOLD, REPEAT]),
    ("hold-anakinra", {"orders": ON, "counts": "0.9 @ day -1", "conditions": "hlh"}, [HOLD, REPEAT]),
    ("hold-anakinra", {"orders": ON, "counts": "0.4 @ day -1", "conditions": "hlh"}, [HOLD, REPEAT]),
    ("hold-anakinra", {"orders": ON, "counts": "0.9 @ day -1", "conditions": "hlh (inactive)"}, [HOLD + "*", REPEAT]),
    ("hold-anakinra", {"orders": ON, "counts": "0.9 @ day -1", "ordered": "anakinra"}, [HOLD + "*", REPEAT, REMOVE]),
    ("review-anakinra", {"orders": ON, "counts": "1.2 @ day -1", "ordered": "anakinra"}, [HOLD, REPEAT]),
    ("hold-anakinra", {"orders": "anakinra given day 0", "counts": "0.9 @ 1 h ago"}, [REPEAT]),
    ("verify-anc", {"orders": ON, "counts": "unreadable @ day -1"}, [CBC]),
    ("baseline-anc", {"orders": ON}, [CBC]),
    ("anc-overdue", {"orders": ON, "counts": "3 @ day -160"}, [CBC]),
    ("anc-falling", {"orders": ON, "counts": "6 @ day -9; 2 @ day -1"}, [CBC]),
    ("recheck-after-hold", {"orders": HELD}, [CBC]),
    ("recheck-after-hold", {"orders": HELD, "labs": MAS}, [BOTH]),
    ("recheck-after-hold", {"orders": HELD, "conditions": "hlh"}, [BOTH]),
    ("recovering", {"orders": HELD, "counts": "0.8 @ day -7; 1.2 @ day -1"}, [CBC]),
    ("not-recovering", {"orders": HELD, "counts": "0.8 @ day -7; 0.8 @ day -1"}, [CBC]),
    (
        "watch-after-restart",
        {"orders": f"{HELD}; {ON.replace('-41', '-3')}", "counts": "0.8 @ day -7; 3 @ day -1"},
        [CBC],
    ),
    ("neutropenic-fever", {"orders": ON, "counts": "0.8 @ day -1", "labs": "temp 39 @ 1 h ago"}, [CBC]),
    ("anakinra-needs-anc", {"ordered": "anakinra"}, [CBC]),
    ("tocilizumab-needs-labs", {"ordered": "tocilizumab"}, [HEPATIC]),
    ("tocilizumab-labs-due", {"orders": "tocilizumab active from day -50"}, [HEPATIC]),
    (
        "rechallenge-or-switch",
        {"orders": HELD, "counts": "0.8 @ day -7; 2.0 @ day -1", "labs": START_LABS},
        [SWITCH, RECHALLENGE],
    ),
    (
        "rechallenge-or-switch",
        {"orders": HELD, "counts": "0.8 @ day -7; 1.99 @ day -1", "labs": START_LABS},
        [LABS, RECHALLENGE],
    ),
    ("rechallenge-or-switch", {"orders": HELD, "counts": "0.8 @ day -7; 2.0 @ day -1"}, [LABS, RECHALLENGE]),
    (
        "rechallenge-or-switch",
        {"orders": HELD, "counts": "0.8 @ day -7; 3 @ day -1", "labs": "platelets 99 @ day -2; " + START_LABS[25:]},
        [LABS, RECHALLENGE],
    ),
    (
        "rechallenge-or-switch",
        {"orders": HELD, "counts": "0.8 @ day -7; 3 @ day -1", "labs": START_LABS.replace("AST 20", "AST 61")},
        [LABS, RECHALLENGE],
    ),
    (
        "rechallenge-or-switch",
        {"orders": HELD, "counts": "0.8 @ day -7; 3 @ day -1", "labs": START_LABS.replace(" (ULN 40)", "")},
        [LABS, RECHALLENGE],
    ),
    (
        "switch-after-failed-rechallenge",
        {"orders": FAILED, "counts": FAILED_COUNTS, "labs": START_LABS},
        [SWITCH, RECHALLENGE],
    ),
    (
        "recovered-but-unwell",
        {"orders": HELD, "counts": "0.8 @ day -7; 3 @ day -1", "labs": "temp 39 @ 1 h ago"},
        [BOTH],
    ),
    (
        "recovered-but-unwell",
        {
            "orders": HELD,
            "counts": "0.8 @ day -7; 3 @ day -1",
            "labs": f"{MAS}; TG 100 @ day -1; fibrinogen 400 @ day -1",
        },
        [CBC],
    ),
    ("anakinra-in-mas", {"counts": "0.8 @ day -1", "conditions": "hlh", "ordered": "anakinra"}, [BOTH]),
    ("do-not-start-anakinra", {"counts": "0.8 @ day -1", "ordered": "anakinra"}, [REMOVE]),
    ("tocilizumab-below-threshold", {"counts": "0.8 @ day -1", "ordered": "tocilizumab"}, [REMOVE]),
    ("tocilizumab-below-threshold", {"orders": "tocilizumab active", "counts": "0.4 @ day -1"}, []),
    ("hold-tocilizumab", {"orders": "tocilizumab active", "counts": "0.8 @ day -1"}, []),
    ("hold-tocilizumab", {"orders": "tocilizumab active", "counts": "0.8 @ day -1", "ordered": "tocilizumab"}, []),
    ("rechallenge-after-failure", {"orders": FAILED, "counts": FAILED_COUNTS, "ordered": "anakinra"}, [EARLY]),
    (
        "rechallenge-after-recovery",
        {"orders": HELD, "counts": "0.8 @ day -7; 3 @ day -1", "ordered": "anakinra"},
        [EARLY],
    ),
    ("myelotoxic-order", {"orders": ON, "counts": "0.8 @ day -1", "ordered": "clozapine"}, []),
    ("mas-pattern", {"orders": ON, "counts": "3 @ day -1", "labs": MAS}, [MAS_LABS]),
    (
        "mas-pattern",
        {"orders": ON, "counts": "3 @ day -1", "labs": f"{MAS}; TG 1 @ day -1; fibrinogen 400 @ day -1"},
        [],
    ),
    ("mas-labs-incomplete", {"orders": ON, "counts": "0.8 @ day -1", "labs": "platelets 120 @ day -1"}, [MAS_LABS]),
    ("tnf-combination", {"orders": f"{ON}; etanercept active", "counts": "3 @ day -1"}, []),
    ("not-assessed", {"ordered": "something unidentified"}, []),
]


@pytest.mark.parametrize(("code", "cells", "offered"), OFFERS)
def test_a_card_offers(code: str, cells: dict[str, str], offered: list[str]) -> None:
    card = card_in(patient_on_file(**cells), code)
    found = [each["label"] + "*" * bool(each.get("isRecommended")) for each in card.get("suggestions", [])]
    assert found == offered
    assert ("*Offered:*" in card["detail"]) is bool(offered), "said in words too, since some EHRs show no suggestion"


@given(patients())
def test_whatever_is_offered_is_well_formed(record: Any) -> None:
    for card in (card for hook in Hook for card in cards_of(record, hook)):
        assert len(set(labels(card))) == len(labels(card))
        for suggestion in card.get("suggestions", []):
            assert suggestion["actions"]
            for action in suggestion["actions"]:
                assert action["description"]
                assert set(action) == {
                    "type",
                    "description",
                    "resourceId" if action["type"] == "delete" else "resource",
                }
                assert action.get("resource", {}).get("status") != "active"
