"""The card around the words: members, identifiers, extension, and what is the same from call to call."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given

from cds_service.advice.fillings import Fillings, ForMarkdown, summary
from cds_service.advice.occasion import CardContext, Occasion
from cds_service.advice.template import parse_template
from cds_service.clinical.findings import Finding
from cds_service.clinical.scene import Hook
from cds_service.hooks.response import EXTENSION, hook_response
from tests.advice.writing import (
    CONTEXT,
    assessed,
    card_about,
    card_of,
    cards_of,
    extension,
    library,
    patient_on_file,
    written,
)
from tests.clinical.notation import patient
from tests.clinical.patients import patients
from tests.empties import empty_members

LOW = {"orders": "anakinra active from day -41", "counts": "4.4 @ day -32; 0.96 @ day -2 08:10"}
DETAIL_LIMIT = 2700


def low_patient(**cells: str) -> dict[str, Any]:
    return card_of("hold-anakinra", patient_on_file(**(LOW | cells)))


def test_the_members_of_a_card() -> None:
    card = low_patient()
    assert list(card) == [
        *("uuid", "summary", "indicator", "detail", "source", "links", "suggestions", "selectionBehavior"),
        *("overrideReasons", "extension"),
    ]
    assert card["indicator"] == "warning"
    assert card["source"] == {
        "label": "Anakinra neutropenia advice (sandbox)",
        "topic": {
            "system": "urn:anakinra-cds:advice",
            "code": "hold-anakinra",
            "display": "Consider holding anakinra",
        },
    }
    assert card["selectionBehavior"] == "at-most-one"
    assert all(link["type"] == "absolute" and link["url"].startswith("https://") for link in card["links"])


def test_the_label_says_sandbox_only_there() -> None:
    production = CardContext("x", mode="production")
    (card,) = cards_of(patient_on_file(**LOW), context=production)
    assert card["source"]["label"] == "Anakinra neutropenia advice"


def test_a_card_that_offers_nothing_has_no_suggestions() -> None:
    record = patient(orders="etanercept active from day -3; anakinra active from day -3", counts="3.0 @ day -2")
    card = card_of("tnf-combination", record)
    assert not {"suggestions", "selectionBehavior", "overrideReasons"} & set(card)


@pytest.mark.parametrize(
    ("cells", "hook", "has"),
    [
        (LOW, Hook.VIEW, True),
        (LOW | {"counts": "1.2 @ day -2"}, Hook.VIEW, True),
        ({"orders": "tocilizumab active from day -9", "counts": "0.9 @ day -2"}, Hook.VIEW, True),
        ({"orders": "anakinra active from day -9"}, Hook.VIEW, False),
        ({"ordered": "anakinra"}, Hook.SELECT, True),
        ({"ordered": "anakinra"}, Hook.SIGN, True),
    ],
)
def test_override_reasons_on_hold_cards_and_on_all_cards_about_orders(
    cells: dict[str, str], hook: Hook, has: bool
) -> None:
    (card,) = cards_of(patient_on_file(**cells), hook)
    assert ("overrideReasons" in card) is has
    for reason in card.get("overrideReasons", []):
        assert set(reason) == {"code", "system", "display"}
        assert all(reason.values())


def test_the_extension_says_when_about_what_and_by_which_rule() -> None:
    found = extension(low_patient())
    assert found["dataAsOf"] == "2026-11-22T08:14:00Z"
    assert found["orders"] == ["MedicationRequest/1"]
    assert found["row"] == "PV9"
    assert found["rulesVersion"] == "0.3.0"
    assert found["sources"] == ["Observation/2", "MedicationRequest/1"]
    assert "variant" not in found
    assert "incomplete" not in found


def test_the_extension_is_under_the_key_of_the_response() -> None:
    assert list(low_patient()["extension"]) == ["org.anakinra-cds"] == [EXTENSION]


def test_a_variant_and_a_gap_are_named() -> None:
    record = patient_on_file(orders="anakinra on-hold from day -41 until 20 h ago (reason neutropenia)")
    assert extension(card_of("recheck-after-hold", record))["variant"] == "early"
    partial = extension(low_patient(gaps="neutrophils partial"))
    assert partial["incomplete"] == ["neutrophil counts incomplete (it timed out)"]


def test_a_card_about_drafts_names_them() -> None:
    (card,) = cards_of(patient(ordered="anakinra; anakinra"))
    assert extension(card)["orders"] == ["MedicationRequest/draft-1", "MedicationRequest/draft-2"]


def test_a_card_after_a_hold_names_the_held_order() -> None:
    record = patient(orders="anakinra on-hold from day -41 until day -6 (reason neutropenia)")
    assert extension(card_of("recheck-after-hold", record))["orders"] == ["MedicationRequest/1"]


# What holds for any card


@given(patients())
def test_any_card_keeps_the_contract(record: Any) -> None:
    for hook in Hook:
        assessment = assessed(record, hook)
        cards = written(assessment)
        assert [extension(card)["row"] for card in cards] == [finding.row for finding in assessment.findings]
        body = hook_response(cards)
        assert empty_members(body, "response") == []
        assert msgspec.json.decode(body)
        uuids = [each["uuid"] for card in cards for each in (card, *card.get("suggestions", []))]
        assert len(set(uuids)) == len(uuids)
        for card in cards:
            assert 0 < len(card["summary"]) < 140
            assert card["summary"].isprintable()
            assert len(card["detail"]) < DETAIL_LIMIT, card["detail"]
            assert "not known" not in card["summary"]
            assert card["detail"].count("You decide.") == 1
            assert sum(bool(each.get("isRecommended")) for each in card.get("suggestions", [])) <= 1


def test_two_orders_of_one_id_still_get_two_uuids() -> None:
    record = patient(orders="anakinra active from day -9", counts="0.9 @ day -2", ordered="clozapine; azathioprine")
    twice = replace(record, drafts=tuple(replace(each, source="MedicationRequest/same") for each in record.drafts))
    cards = cards_of(twice)
    assert len({card["uuid"] for card in cards}) == len(cards) == 2


def test_a_summary_is_cut_rather_than_too_long() -> None:
    long = parse_template("ANC {anc} " + "and so on " * 20)
    finding, record = Finding("M2", "mas-labs-incomplete"), patient(counts="0.9 @ day -1")
    occasion = Occasion(assessed(record), library(), CONTEXT)
    _, row = library().row("M2")
    text = summary(replace(row, summary=long), Fillings(finding, occasion))
    assert 130 < len(text) < 140
    assert text.startswith("ANC 0.9 and")
    assert text.endswith("\N{HORIZONTAL ELLIPSIS}")


def test_a_long_list_is_shortened() -> None:
    missing = ("ferritin", "triglycerides", "fibrinogen", "ast", "platelets")
    finding = Finding("M2", "mas-labs-incomplete", facts={"list": (*missing, "hemoglobin", "crp")})
    said = card_about(finding, patient(counts="0.9 @ day -1"))["summary"]
    assert "(missing: ferritin, triglycerides, fibrinogen and 4 more)" in said


def test_a_value_that_should_be_there_and_is_not_costs_no_card() -> None:
    finding = Finding("PV9", "hold-anakinra", drug="anakinra")
    assert card_about(finding, patient())["summary"].startswith("ANC not known on anakinra")
    values = ForMarkdown(Fillings(finding, Occasion(assessed(patient()), library(), CONTEXT)))
    assert parse_template("count {anc}").fill(values) == "count not known"
