"""The cards as shipped: all there, all fit to be shown, and saying what the clinical specification says."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cds_service.advice.library import PLACEHOLDERS, PROMISED, Library, load_library
from cds_service.clinical.assess import emitted_rows
from cds_service.errors import ContentError

LONGEST = {name: placeholder.longest for name, placeholder in PLACEHOLDERS.items()}


def test_cards_and_rules_cover_each_other(library: Library) -> None:
    library.check_covers(emitted_rows())
    assert {row_id for row_id, _ in library.rows} == set(PROMISED)


def test_each_difference_from_the_rules_is_named(library: Library) -> None:
    emitted = set(emitted_rows())
    emitted -= {("PV9", "", "hold-anakinra"), ("PV8", "", "review-anakinra")}
    emitted |= {("PV99", "late", "new-advice"), ("PV8", "", "other-advice")}
    with pytest.raises(ContentError) as caught:
        library.check_covers(emitted)
    message = caught.value.message
    assert 'no card for row PV99 "late" (new-advice)' in message
    assert "no rule for row PV9 (hold-anakinra)" in message
    assert "row PV8 is other-advice in the rules and review-anakinra in the cards" in message


def test_a_hold_without_date_or_count_leaves_the_words_out(library: Library) -> None:
    _, row = library.row("PV4")
    assert (
        row.summary.fill({"anc": "0.96"}) == "Anakinra held (last count 0.96): no repeat neutrophil count is on file."
    )
    assert row.summary.fill({}) == "Anakinra held: no repeat neutrophil count is on file."
    _, stale = library.row("PV4", "stale")
    assert stale.summary.fill({"anc": "0.96"}) == "Anakinra held: no recent count."


def test_every_summary_is_short_with_the_longest_values(library: Library) -> None:
    for _, row in library.rows.values():
        assert len(row.summary.fill(LONGEST)) < 140


def test_no_card_is_due_for_review(library: Library) -> None:
    today = datetime.now(UTC).date()
    due = [card.code for card in library.cards.values() if card.review_by <= today]
    assert not due, f"renew review_by after a review of: {', '.join(due)}"


def test_no_card_claims_a_reviewer_it_did_not_have(library: Library) -> None:
    assert {card.checked_by for card in library.cards.values()} == {""}


def test_version_is_the_highest_of_the_cards(library: Library, copy: Path) -> None:
    assert library.version == "0.3.0"
    path = copy / "duffy-null.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("0.3.0", "0.10.0"), encoding="utf-8")
    assert load_library(copy).version == "0.10.0"


def test_fingerprint_covers_every_file_and_not_the_place(library: Library, copy: Path) -> None:
    assert load_library(copy).content_hash == library.content_hash
    with (copy / "profiles" / "eu.toml").open("a", encoding="utf-8") as file:
        file.write("\n# a word\n")
    assert load_library(copy).content_hash != library.content_hash


def test_override_reasons_are_those_of_the_specification(library: Library) -> None:
    codes = [reason.code for reason in library.overrides]
    assert codes == [
        "mas-therapy", "known-baseline", "specialist-decision", "result-outdated", "wrong-patient-data", "other",
    ]  # fmt: skip
    assert {reason.system for reason in library.overrides} == {"urn:anakinra-cds:override-reason"}


def test_sources_not_yet_checked_are_marked(library: Library, cards: Path) -> None:
    by_card = {
        (card.code, evidence.source.id)
        for card in library.cards.values()
        for evidence in card.evidence
        if not evidence.verified
    }
    assert {("rechallenge-or-switch", "ACR21"), ("baseline-anc", "KIN-EU"), ("anc-overdue", "KIN-EU")} <= by_card
    eu = tomllib.loads((cards / "profiles" / "eu.toml").read_text(encoding="utf-8"))
    assert eu["early_window"]["verified"] is False


def test_source_label_names_kind_and_population(library: Library) -> None:
    labels = {source.id: source.label for source in library.sources.values()}
    assert labels["S1"] == "Perrin 2014 (2 adult case reports; Schnitzler syndrome, AOSD)"
    assert labels["KIN-US"] == "US Kineret label (RA, NOMID, DIRA only)"
    assert "'reviewed by our board' and 'pending human review'" in labels["S2"]
    assert labels["S2"].startswith("AI-written web answer")


def test_manual_names_every_placeholder(cards: Path) -> None:
    manual = (cards.parent / "docs" / "card-format.md").read_text(encoding="utf-8")
    assert [name for name in PLACEHOLDERS if f"`{{{name}}}`" not in manual] == []
