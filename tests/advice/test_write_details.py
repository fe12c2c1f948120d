"""What a detail says of the count, the table and the orders of one patient."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from cds_service.advice.occasion import CardContext
from cds_service.clinical.record import Matched
from tests.advice.writing import card_in, cards_of, changed, patient_on_file

LOW = {"orders": "anakinra active from day -41", "counts": "0.96 @ day -2 08:10"}
HELD = "anakinra on-hold from day -60 until day -6 (reason neutropenia)"

# code of the card, the record, what the detail says
SAYS: list[tuple[str, dict[str, str], list[str]]] = [
    # the count
    (
        "hold-anakinra",
        LOW,
        ["**0.96 x10⁹/L**, 20 Nov 2026 08:10 (2 days ago): moderate; CTCAE v5 grade 3, v6 grade 2."],
    ),
    ("hold-anakinra", LOW | {"counts": "0.96 @ day -2"}, ["**0.96 x10⁹/L**, 20 Nov 2026 (2 days ago): moderate"]),
    ("hold-anakinra", LOW | {"counts": "<0.5 @ 3 h ago"}, ["**below 0.5 x10⁹/L**", "(3 hours ago): severe; CTCAE v5"]),
    ("hold-anakinra", LOW | {"counts": "manual 0.9 @ 3 h ago"}, ["(3 hours ago; manual differential)"]),
    (
        "hold-anakinra",
        LOW | {"counts": "", "labs": "segmented 0.8 @ 3 h ago; bands 0.1 @ 3 h ago"},
        ["**0.9 x10⁹/L**", "calculated: segmented + bands"],
    ),
    (
        "hold-anakinra",
        LOW | {"counts": "", "labs": "percent 10 @ 3 h ago; WBC 9 @ 3 h ago"},
        ["**0.9 x10⁹/L**", "calculated: percent x WBC"],
    ),
    (
        "hold-anakinra",
        LOW | {"counts": "0.9 @ 9 h ago; unreadable @ 2 h ago"},
        ["**A newer result could not be read:** (the unit is not in the table), 22 Nov 2026 06:14. Verify"],
    ),
    ("hold-anakinra", LOW | {"counts": "0.9 @ 9 h ago; pending 2.0 @ 2 h ago"}, ["A newer result is pending"]),
    (
        "baseline-anc",
        LOW | {"counts": "pending 2.0 @ 2 h ago"},
        ["count on file.** A result is pending and not used."],
    ),
    (
        "verify-anc",
        LOW | {"counts": "unreadable @ 2 h ago"},
        ["**Not used:** (the unit", "**No usable neutrophil count"],
    ),
    (
        "verify-anc",
        LOW | {"counts": "3.4 @ day -9; unreadable @ 2 h ago"},
        ["**Not used:** (the unit is not in the table), 22 Nov 2026 06:14.", "Last usable count: **3.4 x10⁹/L**"],
    ),
    ("anc-overdue", LOW | {"counts": "3.4 @ day -160"}, ["Last usable count: **3.4 x10⁹/L**", "about 5 months ago"]),
    ("baseline-anc", LOW | {"counts": ""}, ["**No usable neutrophil count on file.**"]),
    # the table
    (
        "hold-anakinra",
        LOW | {"counts": "12.1 @ day -43; 4.4 @ day -32; 0.96 @ day -2"},
        ["| 20 Nov | **0.96** | on, day 39 |", "| 21 Oct | 4.4 | on, day 9 |", "| 10 Oct | 12.1 | before |"],
    ),
    (
        "recovering",
        {"orders": HELD, "counts": "0.75 @ day -7; 0.8 @ day -4; 1.2 @ day -1"},
        ["| 15 Nov | **0.75** | on, day 53 |", "| 21 Nov | **1.2** | held, day 5 |"],
    ),
    (
        "rechallenge-or-switch",
        {
            "orders": HELD,
            "counts": "0.75 @ day -7; 2 @ day -5; 3 @ day -4; 3.1 @ day -3; 3.2 @ day -2; 3 @ day -1; 3 @ now",
        },
        ["| 15 Nov | **0.75** |", "| 22 Nov | 3.0 | held, day 6 |"],
    ),
    (
        "hold-anakinra",
        {
            "orders": "anakinra stopped from day -60; anakinra active from day -20",
            "counts": "2 @ day -40; 0.9 @ day -1",
        },
        ["| 13 Oct | 2.0 | not known |"],
    ),
    (
        "watch-after-restart",
        {
            "orders": "anakinra on-hold from day -60 until day -40 (reason neutropenia); anakinra active from day -5",
            "counts": "<0.5 @ day -40 08:00; 3 @ day -30; 3 @ day -1",
        },
        ["Earlier low count: below 0.5, 13 Oct 2026."],
    ),
    # why: the orders
    ("hold-anakinra", LOW, ["Anakinra order active since 12 Oct 2026 (day 41)."]),
    ("hold-anakinra", LOW | {"orders": "anakinra active"}, ["Anakinra order active, start not recorded."]),
    (
        "hold-anakinra",
        LOW | {"orders": "anakinra active from day -41 (planned end day -10)"},
        ["its end date has passed: confirm that it is still taken"],
    ),
    ("hold-anakinra", LOW | {"orders": "anakinra given day 0"}, ["Anakinra given or reported since 22 Nov 2026"]),
    (
        "recheck-after-hold",
        {"orders": HELD},
        ["Anakinra on hold since 16 Nov 2026 (the order's reason names neutropenia).", "**No usable neutrophil count"],
    ),
    (
        "not-recovering",
        {"orders": "anakinra stopped from day -60 until day -6", "counts": "0.9 @ day -7; 0.9 @ day -2"},
        ["Anakinra stopped on 16 Nov 2026 (with a count below 1.5 around that day)."],
    ),
    (
        "recheck-after-hold",
        {"orders": "anakinra on-hold from day -60 (last written day -6)"},
        ["on hold since about 16 Nov 2026 (cause not recorded)"],
    ),
    (
        "recheck-after-hold",
        {"orders": "anakinra on-hold from day -60 (reason neutropenia)"},
        ["Anakinra on hold, date not recorded (the order's reason names neutropenia)."],
    ),
    (
        "rechallenge-after-failure",
        {
            "orders": "anakinra stopped from day -300 until day -280; anakinra stopped from day -260 until day -240",
            "counts": "0.9 @ day -281; 3 @ day -270; 0.7 @ day -241; 3 @ day -1",
            "ordered": "anakinra",
        },
        [
            "Earlier low counts: first episode 0.9, 14 Feb 2026; on rechallenge 0.7, 26 Mar 2026.",
            "Last anakinra on file ended 27 Mar 2026.",
        ],
    ),
    (
        "hold-tocilizumab",
        {"orders": f"{HELD}; tocilizumab active from day -4", "counts": "0.7 @ day -7; 0.8 @ day -1"},
        ["Tocilizumab order active since 18 Nov 2026 (day 4).", "Anakinra on hold since 16 Nov 2026"],
    ),
]


@pytest.mark.parametrize(("code", "cells", "words"), SAYS)
def test_detail_says(code: str, cells: dict[str, str], words: list[str]) -> None:
    detail = card_in(patient_on_file(**cells), code)["detail"]
    for each in words:
        assert each in detail


def test_an_order_known_only_by_its_text_is_said_to_be() -> None:
    record = patient_on_file(**LOW)
    by_text = tuple(replace(each, drug=each.drug._replace(matched=Matched.TEXT)) for each in record.medications)
    detail = card_in(replace(record, medications=by_text), "hold-anakinra")["detail"]
    assert "(day 41); recognised by its text only, not by a code." in detail


def test_a_draft_known_only_by_its_text_is_said_to_be() -> None:
    record = patient_on_file(**LOW, ordered="anakinra")
    by_text = tuple(
        replace(each, drug=each.drug._replace(matched=Matched.TEXT)) for each in record.drafts if each.drug is not None
    )
    detail = card_in(replace(record, drafts=by_text), "hold-anakinra")["detail"]
    assert "The new order was recognised by its text only, not by a code." in detail


def test_a_result_dated_by_its_issue_is_said_to_be() -> None:
    record = patient_on_file(**LOW)
    issued = changed(record.results, date_is_issued=True)
    assert "dated by its time of issue" in card_in(replace(record, results=issued), "hold-anakinra")["detail"]


def test_the_count_as_sent_is_shown_where_it_cannot_be_read() -> None:
    record = patient_on_file(**LOW | {"counts": "unreadable @ 2 h ago"})
    sent = changed(record.results, as_sent="900 cells", unusable="no unit")
    assert "**Not used:** 900 cells (no unit), 22 Nov" in card_in(replace(record, results=sent), "verify-anc")["detail"]


def test_an_undated_result_that_cannot_be_read_has_no_date() -> None:
    record = patient_on_file(**LOW | {"counts": "unreadable undated"})
    assert "(the unit is not in the table). **No usable" in card_in(record, "verify-anc")["detail"]


def test_times_and_the_data_are_those_of_the_site() -> None:
    context = CardContext("x", profile="eu", zone=ZoneInfo("Europe/Paris"))
    (card,) = cards_of(patient_on_file(**LOW), context=context)
    assert "20 Nov 2026 09:10 (2 days ago)" in card["detail"]
    assert "*Rules 0.3.0 (eu), data as of 22 Nov 2026 09:14 CET, unreviewed content.*" in card["detail"]
