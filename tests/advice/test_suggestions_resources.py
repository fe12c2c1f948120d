"""The resources of suggestions: valid FHIR R4, never active, and when their counts are to be drawn."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given

from cds_service.advice.occasion import CardContext, Occasion
from cds_service.advice.resources_timing import until_recovery
from cds_service.clinical.record import Record
from cds_service.clinical.scene import Hook
from cds_service.hooks.response import encode
from tests.advice.writing import CONTEXT, Card, assessed, card_in, cards_of, library, original, patient_on_file, taken
from tests.clinical.patients import patients
from tests.stories.conformance import resource_faults

ON = "anakinra active from day -41"
HELD = "anakinra on-hold from day -60 until day -6 (reason neutropenia)"
RECOVERED = {"orders": HELD, "counts": "0.8 @ day -7; 2.4 @ day -1"}
START_LABS = "platelets 200 @ day -2; ALT 20 @ day -2 (ULN 40); AST 20 @ day -2 (ULN 40)"
# https://hl7.org/fhir/R4/valueset-units-of-time.html, a required binding
UNITS_OF_TIME = {"s", "min", "h", "d", "wk", "mo", "a"}


def resources(cards: list[Card]) -> Iterator[dict[str, Any]]:
    """Every resource a client would get, as it would read it."""
    for card in msgspec.json.decode(encode(cards)):
        for suggestion in card.get("suggestions", []):
            yield from (action["resource"] for action in suggestion["actions"] if "resource" in action)


def with_originals(record: Record) -> Record:
    return replace(record, medications=tuple(replace(each, original=original(each)) for each in record.medications))


@given(patients())
def test_every_resource_is_valid(record: Record) -> None:
    for hook in Hook:
        for resource in resources(cards_of(with_originals(record), hook)):
            assert resource_faults(resource) == []
            assert resource["status"] in ("draft", "on-hold")
            assert resource["subject"] == {"reference": "Patient/test-patient"}
            unit = resource.get("occurrenceTiming", {}).get("repeat", {}).get("periodUnit", "d")
            assert unit in UNITS_OF_TIME
            assert ("id" in resource) is (resource["status"] == "on-hold"), "an EHR gives a new resource its id"


# Counts


@pytest.mark.parametrize(
    ("code", "cells", "text"),
    [
        ("hold-anakinra", {"orders": ON, "counts": "0.9 @ day -1"}, "every 1-2 days until"),
        ("review-anakinra", {"orders": ON, "counts": "1.2 @ day -1"}, "every 1-2 days until"),
        ("recovering", {"orders": HELD, "counts": "0.8 @ day -7; 1.2 @ day -1"}, "every 1-2 days until"),
        ("not-recovering", {"orders": HELD, "counts": "0.8 @ day -7; 0.8 @ day -1"}, "every 1-2 days until"),
        ("recheck-after-hold", {"orders": HELD}, "every 1-2 days until"),
        ("recheck-after-hold", {"orders": HELD.replace("-6 ", "-50 "), "counts": "0.8 @ day -51; 2 @ day -40"}, "once"),
        ("neutropenic-fever", {"orders": HELD, "counts": "0.8 @ day -1", "labs": "temp 39 @ 1 h ago"}, "every 1-2"),
        ("neutropenic-fever", {"orders": ON, "counts": "0.8 @ day -1", "labs": "temp 39 @ 1 h ago"}, "once"),
        ("do-not-start-anakinra", {"counts": "0.8 @ day -1", "ordered": "anakinra"}, "once"),
        ("do-not-start-anakinra", {"orders": HELD, "counts": "0.8 @ day -1", "ordered": "anakinra"}, "every 1-2"),
        ("baseline-anc", {"orders": ON}, "once"),
    ],
)
def test_a_count_is_repeated_while_it_is_low_and_the_drug_held(code: str, cells: dict[str, str], text: str) -> None:
    *_, order = taken(
        code, card_in(patient_on_file(**cells), code)["suggestions"][0]["label"], patient_on_file(**cells)
    )
    assert order["occurrenceTiming"]["code"]["text"].startswith(text)
    assert order["code"]["coding"][0]["code"] == "57021-8"


def test_counts_until_recovery_in_codes() -> None:
    order = taken("hold-anakinra", "Repeat the count only", patient_on_file(orders=ON, counts="0.9 @ day -1"))[0]
    assert order["occurrenceTiming"]["repeat"] == {
        "boundsPeriod": {"start": "2026-11-22"},
        "frequency": 1,
        "period": 1,
        "periodMax": 2,
        "periodUnit": "d",
    }


def test_a_profile_with_daily_counts_says_daily() -> None:
    assessment = assessed(patient_on_file(orders=ON, counts="0.9 @ day -1"))
    occasion = Occasion(assessment, library(), CONTEXT)
    occasion.limits = replace(occasion.limits, repeat_while_low=timedelta(days=1))
    timing = until_recovery(occasion)
    assert timing["code"]["text"].startswith("every day until")
    assert "periodMax" not in timing["repeat"]


def test_early_counts_after_a_restart() -> None:
    early, weekly = taken(
        "rechallenge-after-recovery", "Add early counts", patient_on_file(**RECOVERED, ordered="anakinra")
    )
    assert early["occurrenceTiming"]["repeat"] == {
        "boundsPeriod": {"start": "2026-11-24", "end": "2026-11-27"},
        "count": 1,
    }
    assert weekly["occurrenceTiming"]["repeat"]["count"] == 4
    assert weekly["occurrenceTiming"]["repeat"]["boundsPeriod"] == {"start": "2026-11-29", "end": "2026-12-20"}
    assert "first dose" in early["note"][0]["text"]


def test_days_are_those_of_the_site() -> None:
    """08:14 UTC is still the day before in Honolulu: 22:14."""
    context = CardContext("x", zone=ZoneInfo("Pacific/Honolulu"))
    (card,) = cards_of(patient_on_file(orders=ON, counts="0.9 @ day -1"), context=context)
    order = card["suggestions"][1]["actions"][0]["resource"]
    assert order["occurrenceTiming"]["repeat"]["boundsPeriod"] == {"start": "2026-11-21"}
    assert order["authoredOn"] == "2026-11-22T08:14:00Z"
