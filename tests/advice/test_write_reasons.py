"""A card names the reason that holds and what it really offers, not all that could hold or might be offered."""

import re
from typing import Any

import pytest
from hypothesis import given

from cds_service.clinical.scene import Hook
from tests.advice.writing import card_in, cards_of, labels, patient_on_file
from tests.clinical.patients import patients

ON = "anakinra active from day -41"
HELD = "anakinra on-hold from day -60 until day -6 (reason neutropenia)"
RECOVERED = {"orders": HELD, "counts": "0.8 @ day -7; 2.4 @ day -1"}
START_LABS = "platelets 200 @ day -2; ALT 20 @ day -2 (ULN 40); AST 20 @ day -2 (ULN 40)"
MAS = "ferritin 2400 @ 3 h ago; platelets 98 @ 3 h ago; AST 120 @ 3 h ago (ULN 40)"
WARM = "temp 39 @ 1 h ago"
ORDERED = {"counts": "0.9 @ day -1", "ordered": "anakinra"}
TWICE = (
    "anakinra on-hold from day -100 until day -90 (reason neutropenia); "
    "anakinra on-hold from day -60 until day -10 (reason neutropenia)"
)
TWICE_LOW = "0.75 @ day -91; 2.0 @ day -88; 1.12 @ day -11"
MAS_LABS = ("ferritin", "triglycerides", "fibrinogen", "AST")

# code of the card, the record, what the detail says
SAYS: list[tuple[str, dict[str, str], str]] = [
    # what keeps results from the full MAS pattern
    ("mas-pattern", {"orders": ON, "counts": "3 @ 3 h ago", "labs": MAS, "conditions": "sjia"}, "Not recorded: fever."),
    (
        "mas-pattern",
        {"orders": ON, "counts": "3 @ 3 h ago", "labs": f"{MAS}; {WARM}"},
        "Not recorded: a diagnosis of Still's disease.",
    ),
    (
        "mas-pattern",
        {"orders": ON, "counts": "3 @ 3 h ago", "labs": MAS},
        "Not recorded: fever and a diagnosis of Still's disease.",
    ),
    # why a recovered count is not the whole story
    ("recovered-but-unwell", RECOVERED | {"labs": WARM}, "but fever is on file:"),
    ("recovered-but-unwell", RECOVERED | {"labs": MAS}, "but results in the range of macrophage"),
    ("recovered-but-unwell", RECOVERED | {"labs": f"{MAS}; {WARM}"}, "but fever and results in the range of"),
    # why MAS is thought of
    ("anakinra-in-mas", ORDERED | {"conditions": "hlh"}, "and macrophage activation syndrome (MAS) or HLH is"),
    ("anakinra-in-mas", ORDERED | {"labs": MAS}, "and results are in the range of macrophage"),
    ("anakinra-in-mas", ORDERED | {"labs": MAS, "conditions": "hlh"}, "HLH is recorded, with results in its range."),
    # recovered, and below the limit of a tocilizumab start
    (
        "rechallenge-or-switch",
        RECOVERED | {"counts": "0.8 @ day -7; 1.8 @ day -1"},
        "1.5 or above; 1.8: recovered, below the tocilizumab start threshold (2.0).",
    ),
    ("rechallenge-or-switch", RECOVERED, "The count since the hold is 1.5 or above. Anakinra on hold"),
    (
        "tocilizumab-below-threshold",
        {"orders": HELD, "counts": "0.8 @ day -7; 1.7 @ day -1", "ordered": "tocilizumab"},
        "limit of 2.0 (1.7: recovered, below the tocilizumab start threshold).",
    ),
    ("tocilizumab-below-threshold", {"counts": "1.7 @ day -1", "ordered": "tocilizumab"}, "limit of 2.0.\n"),
    ("tocilizumab-below-threshold", {"counts": "0.9 @ day -1", "ordered": "tocilizumab"}, "limit of 2.0. **Fever"),
    # which results a tocilizumab order lacks
    ("tocilizumab-needs-labs", {"counts": "3 @ day -1", "ordered": "tocilizumab"}, "30 days: platelets, ALT/AST."),
    (
        "tocilizumab-needs-labs",
        {"orders": HELD, "counts": "3 @ day -9", "labs": START_LABS, "ordered": "tocilizumab"},
        "the last 30 days (ANC: since the hold of 16 Nov 2026): ANC.",
    ),
    # what is offered after recovery
    (
        "rechallenge-or-switch",
        RECOVERED | {"labs": START_LABS},
        "*Offered:* Draft a tocilizumab order (dose to be decided), CBC and hepatic panel; once signed, stop the held",
    ),
    (
        "rechallenge-or-switch",
        RECOVERED | {"labs": f"{START_LABS}; weight 24 @ day -3", "conditions": "sjia", "born": "2019-05-06"},
        "(label: 12 mg/kg intravenously every 2 weeks)",
    ),
    ("rechallenge-or-switch", RECOVERED, "Order CBC and hepatic panel; no tocilizumab draft yet (start labs missing)."),
    (
        "rechallenge-or-switch",
        RECOVERED | {"labs": START_LABS, "gaps": "labs partial"},
        "no tocilizumab draft yet (start labs could not be read in full).",
    ),
    (
        "rechallenge-or-switch",
        RECOVERED | {"labs": START_LABS, "counts": "0.8 @ day -7; 1.8 @ day -1"},
        "no tocilizumab draft yet (ANC below 2.0).",
    ),
    (
        "rechallenge-or-switch",
        RECOVERED | {"labs": START_LABS.replace("200", "90"), "counts": "0.8 @ day -7; 1.8 @ day -1"},
        "yet (ANC below 2.0; platelets, ALT or AST outside the start limits).",
    ),
    # earlier low counts, each episode by its own nadir
    (
        "rechallenge-after-failure",
        {"orders": TWICE, "counts": f"{TWICE_LOW}; 2.4 @ day -3", "ordered": "anakinra"},
        "Earlier low counts: first episode 0.75, 23 Aug 2026; on rechallenge 1.12, 11 Nov 2026.",
    ),
    (
        "switch-after-failed-rechallenge",
        {"orders": TWICE, "counts": f"{TWICE_LOW}; 2 @ day -7; 2 @ day -6; 2 @ day -5; 2 @ day -4; 2.4 @ day -3"},
        "Earlier low counts: first episode 0.75, 23 Aug 2026; on rechallenge 1.12, 11 Nov 2026.",
    ),
    ("rechallenge-after-recovery", RECOVERED | {"ordered": "anakinra"}, "Earlier low count: 0.8, 15 Nov 2026."),
    (
        "rechallenge-after-recovery",
        {"orders": HELD, "counts": "0.7 @ day -30; 2 @ day -20; 1.1 @ day -7; 2.4 @ day -1", "ordered": "anakinra"},
        "Earlier low counts: first episode 0.7, 23 Oct 2026; again 1.1, 15 Nov 2026.",
    ),
    (
        "rechallenge-or-switch",
        {
            "orders": HELD,
            "counts": "; ".join(f"1.{n} @ day -{40 - 4 * n}; 2 @ day -{38 - 4 * n}" for n in range(5))
            + "; 1.4 @ day -7; 2.4 @ day -1",
        },
        "first episode 1.0, 13 Oct 2026; 2 more; again 1.3, 25 Oct 2026; again 1.4, 29 Oct 2026; again 1.4, 15 Nov",
    ),
    (
        "rechallenge-after-recovery",
        {"orders": HELD, "counts": "3 @ day -1", "ordered": "anakinra"},
        "The earlier low count itself is not on file here.",
    ),
]

# code of the card, the record, what the detail must not say
SAYS_NOT: list[tuple[str, dict[str, str], str]] = [
    ("rechallenge-or-switch", RECOVERED, "recovered, below"),
    ("rechallenge-or-switch", RECOVERED, "Earlier low"),  # it stands in the table
    ("switch-after-failed-rechallenge", {"orders": TWICE, "counts": f"{TWICE_LOW}; 2.4 @ day -3"}, "Earlier low"),
    ("rechallenge-or-switch", RECOVERED, "Draft a tocilizumab order"),
    ("rechallenge-or-switch", RECOVERED | {"labs": START_LABS}, "no tocilizumab draft"),
    ("hold-anakinra", {"orders": ON, "counts": "0.9 @ day -1"}, "an anakinra order is active"),
    ("review-anakinra", {"orders": ON, "counts": "1.2 @ day -1"}, "an anakinra order is active"),
]


@pytest.mark.parametrize(("code", "cells", "words"), SAYS)
def test_detail_says(code: str, cells: dict[str, str], words: str) -> None:
    assert words in card_in(patient_on_file(**cells), code)["detail"]


@pytest.mark.parametrize(("code", "cells", "words"), SAYS_NOT)
def test_detail_does_not_say(code: str, cells: dict[str, str], words: str) -> None:
    assert words not in card_in(patient_on_file(**cells), code)["detail"]


@given(patients())
def test_the_words_of_an_offer_are_what_is_offered(record: Any) -> None:
    for card in (card for hook in Hook for card in cards_of(record, hook)):
        _, _, offered = card["detail"].partition("*Offered:* ")
        actions = {action["description"] for each in card.get("suggestions", []) for action in each["actions"]}
        named = {name for name in MAS_LABS if re.search(rf"\b{name}\b", offered.partition(" None is")[0])}
        switch = "Switch to tocilizumab" in labels(card)
        assert ("Draft a tocilizumab order" in offered) is switch
        assert "outside" in offered or named == {name for name in MAS_LABS if f"Order {name}" in actions}
