"""What a detail says of fever, sources, other drugs, what is missing and what is offered, for one patient."""

from dataclasses import replace

import pytest

from cds_service.clinical.record import Matched
from tests.advice.writing import card_in, patient_on_file

LOW = {"orders": "anakinra active from day -41", "counts": "0.96 @ day -2 08:10"}
HELD = "anakinra on-hold from day -60 until day -6 (reason neutropenia)"
MAS = "ferritin 2400 @ 3 h ago; platelets 98 @ 3 h ago; AST 120 @ 3 h ago (ULN 40)"

# code of the card, the record, what the detail says
SAYS: list[tuple[str, dict[str, str], list[str]]] = [
    # fever
    ("hold-anakinra", LOW, ["**Fever:** not known (no temperature in 24 h)."]),
    (
        "hold-anakinra",
        LOW | {"labs": "temp 37.2 @ 5 h ago; temp 37.8 @ 3 h ago"},
        ["**Fever:** not known (highest on file 37.8 °C, 22 Nov 2026 05:14; fever can be blunted)."],
    ),
    ("neutropenic-fever", LOW | {"labs": "temp 38.6 @ 2 h ago"}, ["**Fever:** yes (38.6 °C, 22 Nov 2026 06:14)."]),
    (
        "neutropenic-fever",
        LOW | {"conditions": "fever (recorded 2 h ago)"},
        ["**Fever:** yes (recorded as a condition)."],
    ),
    # sources, population
    (
        "hold-anakinra",
        LOW,
        ["2 adult case reports", "AI-written web answer", "'pending human review'", "**Where sources"],
    ),
    ("hold-anakinra", LOW | {"born": "2019-05-06"}, ["about adults; this patient is a child (7 years)."]),
    ("hold-anakinra", LOW | {"born": "2025-11-01"}, ["this patient is a child (1 year)."]),
    ("hold-anakinra", LOW, ["about adults; this patient's age is not on file."]),
    ("rechallenge-or-switch", {"orders": HELD, "counts": "0.9 @ day -7; 3 @ day -1"}, ["(unverified)"]),
    (
        "mas-pattern",
        {"orders": "anakinra active from day -41", "counts": "3 @ 3 h ago", "labs": MAS},
        ["the criteria were made for systemic JIA; here no Still's disease is coded"],
    ),
    (
        "mas-pattern",
        {"orders": "anakinra active from day -41", "counts": "3 @ 3 h ago", "labs": MAS, "conditions": "aosd"},
        ["here adult-onset Still's disease is coded"],
    ),
    # other drugs, what is missing
    (
        "hold-anakinra",
        LOW | {"orders": "anakinra active from day -41; methotrexate active; colchicine active"},
        ["**Also on:** methotrexate and colchicine (can lower neutrophils)."],
    ),
    ("hold-anakinra", LOW, ["**Missing:** temperature, ferritin, triglycerides, fibrinogen, AST."]),
    (
        "hold-anakinra",
        LOW | {"labs": f"{MAS}; temp 37 @ 1 h ago"},
        ["**Missing:** triglycerides, fibrinogen."],
    ),
    ("hold-anakinra", LOW | {"gaps": "labs partial"}, ["AST (laboratory results could not be read in full)."]),
    (
        "rechallenge-or-switch",
        {"orders": HELD, "counts": "0.9 @ day -7; 3 @ day -1", "labs": "ALT 20 @ day -3", "born": "2015-01-01"},
        ["**Missing:** platelets, AST, ALT's upper limit of normal, weight (none in 90 days)."],
    ),
    (
        "tocilizumab-needs-labs",
        {"counts": "3 @ day -1", "ordered": "tocilizumab"},
        ["**Missing:** platelets, ALT/AST."],
    ),
    (
        "tocilizumab-weight",
        {"counts": "3 @ day -1", "ordered": "tocilizumab"},
        ["**Missing:** weight (none in 90 days), birth date."],
    ),
    (
        "tocilizumab-weight",
        {"counts": "3 @ day -1", "ordered": "tocilizumab", "labs": "weight 9.5 @ day -4", "born": "2025-10-01"},
        ["**Found:** weight 9.5 kg (18 Nov 2026); age 1 year."],
    ),
    (
        "hold-anakinra",
        LOW | {"gaps": "medications partial"},
        ["**Based on incomplete data:** medication requests incomplete (it timed out)."],
    ),
    # what an overlay rests on
    (
        "mas-pattern",
        {"orders": "anakinra active from day -41", "counts": "3 @ 3 h ago", "labs": MAS},
        ["**Found:** ferritin 2400 ug/L (22 Nov 2026 05:14); platelets 98 x10⁹/L (22 Nov 2026 05:14); AST 120"],
    ),
    (
        "anakinra-liver",
        {"orders": "anakinra active from day -41", "counts": "3 @ 3 h ago", "labs": "ALT 140 @ day -6 (ULN 40)"},
        ["**Found:** ALT 140 U/L (3.5 x its upper limit of 40; 16 Nov 2026)."],
    ),
    (
        "tnf-combination",
        {"orders": "anakinra active from day -41; etanercept active from day -3", "counts": "3 @ 3 h ago"},
        ["**Found:** anakinra (active since 12 Oct 2026); etanercept (active since 19 Nov 2026)."],
    ),
    (
        "overlapping-biologics",
        {"orders": "anakinra active from day -41", "counts": "3 @ 3 h ago", "ordered": "canakinumab"},
        ["**Found:** anakinra (active since 12 Oct 2026); canakinumab (ordered now)."],
    ),
    (
        "count-masked",
        {
            "orders": f"{HELD}; filgrastim stopped from day -9 until day -5; prednisone active",
            "counts": "0.9 @ day -7; 3 @ day -1",
        },
        ["**3.0 x10⁹/L**", "filgrastim (until 17 Nov 2026)", "prednisone (active)"],
    ),
    (
        "duffy-null",
        LOW | {"counts": "1.2 @ day -2", "conditions": "duffy-null (recorded day -300)"},
        ["**1.2 x10⁹/L**", "**Found:** duffy-null (recorded 26 Jan 2026)."],
    ),
    (
        "do-not-start-anakinra",
        {"counts": "0.9 @ day -2", "ordered": "anakinra", "born": "2019-05-06"},
        ["in 2 adult case reports", "the case reports are about adults; this patient is a child (7 years)."],
    ),
    (
        "not-assessed",
        {"ordered": "something unidentified"},
        ["**Reason:** an ordered medication could not be identified."],
    ),
    # what is offered
    (
        "hold-anakinra",
        LOW,
        ["*Offered:* Put the anakinra order on hold and order a CBC with differential every 1-2 days"],
    ),
    ("hold-anakinra", LOW | {"ordered": "anakinra"}, ["The hold also removes this draft. Or remove only this draft"]),
    (
        "hold-anakinra",
        LOW | {"labs": MAS},
        ["None is recommended: macrophage activation syndrome is in question, and IL-1 blockade treats it."],
    ),
    (
        "hold-anakinra",
        LOW | {"orders": "anakinra given day 0"},
        ["No anakinra order here can be put on hold. You decide."],
    ),
    (
        "hold-anakinra",
        LOW | {"conditions": "hlh"},
        ["None is recommended: macrophage activation syndrome or HLH is recorded, and IL-1 blockade treats it."],
    ),
    (
        "recheck-after-hold",
        {"orders": HELD, "counts": "0.9 @ day -7", "labs": MAS},
        ["until recovery and the missing MAS labs: triglycerides and fibrinogen. You decide."],
    ),
]


# code of the card, the record, what the detail must not say
SAYS_NOT: list[tuple[str, dict[str, str], str]] = [
    ("hold-anakinra", LOW | {"born": "1960-01-01"}, "**Population:**"),
    ("baseline-anc", LOW | {"counts": ""}, "**Fever:**"),
    ("anc-overdue", LOW | {"counts": "3.4 @ day -160"}, "**Missing:**"),
    ("hold-anakinra", LOW, "**Based on incomplete data:**"),
    ("hold-anakinra", LOW | {"counts": "pending 2.0 @ 9 h ago; 0.9 @ 2 h ago"}, "result is pending"),
    ("baseline-anc", LOW | {"counts": "pending 2.0 @ 2 h ago"}, "newer"),
    ("hold-anakinra", LOW, "| date |"),
    ("hold-anakinra", LOW, "by its text only"),
    ("myelotoxic-order", LOW | {"orders": "anakinra active", "ordered": "azathioprine"}, "**Also on:**"),
    ("mas-pattern", LOW | {"labs": MAS, "conditions": "sjia"}, "made for systemic JIA; here"),
]


@pytest.mark.parametrize(("code", "cells", "words"), SAYS)
def test_detail_says(code: str, cells: dict[str, str], words: list[str]) -> None:
    detail = card_in(patient_on_file(**cells), code)["detail"]
    for each in words:
        assert each in detail


@pytest.mark.parametrize(("code", "cells", "words"), SAYS_NOT)
def test_detail_does_not_say(code: str, cells: dict[str, str], words: str) -> None:
    assert words not in card_in(patient_on_file(**cells), code)["detail"]


def test_a_drug_known_only_by_its_text_is_said_to_be() -> None:
    record = patient_on_file(orders="anakinra active; etanercept active from day -3", counts="3 @ now")
    by_text = tuple(replace(each, drug=each.drug._replace(matched=Matched.TEXT)) for each in record.medications)
    detail = card_in(replace(record, medications=by_text), "tnf-combination")["detail"]
    assert "etanercept (active since 19 Nov 2026; text-only)" in detail
