"""The evidence register: whatever the service states has an entry, and every entry leads to a source."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cds_service.advice.library import Library
from cds_service.advice.profile import load_profile
from cds_service.advice.register import Entry, overdue, register, unverified
from cds_service.codes.catalogue import coded
from tests.advice.conftest import CARDS


@pytest.fixture(scope="module")
def entries(library: Library) -> tuple[Entry, ...]:
    return register(library, (load_profile(CARDS, "us"), load_profile(CARDS, "eu")))


def test_every_entry_leads_to_a_source_and_to_somebody(entries: tuple[Entry, ...], library: Library) -> None:
    for each in entries:
        assert each.sources
        assert set(each.sources) <= set(library.sources)
        assert each.to_check
        assert (CARDS.parent / each.place).is_file(), each.place


def test_every_statement_is_in_it(entries: tuple[Entry, ...], library: Library) -> None:
    of_kind = {kind: [each.name for each in entries if each.kind == kind] for kind in {e.kind for e in entries}}
    assert of_kind["source"] == list(library.sources)
    assert of_kind["disagreement"] == list(library.disagreements)
    assert set(of_kind["card"]) == {card.code for card in library.cards.values() if card.evidence}
    assert set(of_kind["threshold"]) == set(load_profile(CARDS, "us").entries)
    assert len(of_kind["code"]) == len(list(coded())) > 150


def test_every_card_names_its_sources_or_quotes_none(library: Library) -> None:
    silent = {card.code for card in library.cards.values() if not card.evidence}
    assert silent <= {"not-assessed"}, "only what could not be assessed rests on no source"


def test_every_disagreement_is_shown(library: Library) -> None:
    quoted = {each.id for card in library.cards.values() for each in card.disagreements}
    for each in library.disagreements.values():
        assert (each.id in quoted) != bool(each.shown), each.id
        assert len(each.sources) > 1 or each.id in ("hold-threshold", "prophylactic-antibiotics", "frequency")


def test_what_is_unverified_is_found(entries: tuple[Entry, ...]) -> None:
    found = {(each.kind, each.name) for each in unverified(entries)}
    assert {("source", "ACR21"), ("source", "BEG85"), ("threshold", "early_window"), ("code", "etanercept")} <= found
    assert ("source", "S1") not in found


def test_what_is_past_its_review_date_is_found(entries: tuple[Entry, ...]) -> None:
    one = entries[0]
    assert overdue(entries, date(2026, 11, 27)) == ()
    assert overdue((one,), one.review_by) == ()
    assert overdue((one, replace(one, name="x")), one.review_by + timedelta(days=1))[1].name == "x"


def test_nothing_is_past_its_review_date_today(entries: tuple[Entry, ...]) -> None:
    """Cards, thresholds, sources, disagreements and code lists: when this fails, review what it names, then renew."""
    assert [f"{each.kind} {each.name}" for each in overdue(entries, datetime.now(UTC).date())] == []
