"""Every card shows what it rests on: inputs with dates, threshold, reasoning, citation, version and limits."""

import inspect
import re

import pytest
from hypothesis import given

from cds_service.advice.dates import day
from cds_service.clinical import rows
from cds_service.clinical.assess import emitted_rows
from cds_service.clinical.findings import Finding
from cds_service.clinical.overlays import OVERLAYS
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Record
from cds_service.clinical.scene import Hook
from tests.advice.test_write_rows import EVERYTHING, finding_of
from tests.advice.writing import Card, assessed, card_about, library, patient_on_file, written
from tests.clinical.patients import patients

# What a row asks for, in the words of the decision table.
BASE = {(row.id, row.variant): row.when.words for block in rows.BLOCKS.values() for row in block if row.code}
ASKED = BASE | {
    (overlay.id, variant): (inspect.getdoc(overlay.evaluate) or "").partition("\n\n")[0]
    for overlay in OVERLAYS
    for variant in overlay.variants
}
LIMIT = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?!\w|\.\d|-\d)")
# The lower end of a range, or an alternative that this card need not tell apart.
NOT_SAID = {("PV9", ""): {"0.5"}, ("PV4", "early"): {"0.5"}, ("PV14", ""): {"0.5"}, ("OT4", ""): {"1.5"}}
A_DATE = re.compile(r"\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}\b")
FOUND = re.compile(r"\*\*Found:\*\* .+ \(.+\)")
SOURCE = re.compile(r"^- .+: .+$")


@pytest.mark.parametrize(("row", "variant", "code"), list(emitted_rows()))
def test_the_thresholds_a_row_asks_for_stand_on_its_card(row: str, variant: str, code: str) -> None:
    card = card_about(finding_of(row, variant, code, EVERYTHING), EVERYTHING, Hook.SELECT)
    _, _, after = card["detail"].partition("**Why:**")
    said = card["summary"] + after.partition("**Where sources disagree:**")[0]
    asked = set(LIMIT.findall(ASKED.get((row, variant), "")))
    assert asked - set(LIMIT.findall(said)) <= NOT_SAID.get((row, variant), set())


@given(patients())
def test_any_card_can_be_checked(record: Record) -> None:
    assessment = assessed(record)
    for finding, card in zip(assessment.findings, written(assessment), strict=True):
        assert_complete(finding, card, assessment.picture)


@pytest.mark.parametrize(
    "cells",
    [
        {"orders": "anakinra active from day -41; etanercept active from day -90", "counts": "3 @ day -2"},
        {"orders": "anakinra active from day -41", "counts": "3 @ day -2", "ordered": "sarilumab"},
        {"ordered": "anakinra", "counts": "3 @ day -2", "labs": "eGFR 24 @ 3 d ago"},
        {"ordered": "tocilizumab", "counts": "3 @ day -2", "labs": "platelets 90 @ 1 d ago; ALT 90 @ 1 d ago (ULN 40)"},
        {"orders": "anakinra active", "counts": "unreadable @ 2 h ago"},
        {"orders": "anakinra active"},
    ],
    ids=["tnf", "overlap", "renal", "labs", "unreadable", "no-count"],
)
def test_cards_of_every_kind_can_be_checked(cells: dict[str, str]) -> None:
    assessment = assessed(patient_on_file(**cells))
    assert assessment.findings
    for finding, card in zip(assessment.findings, written(assessment), strict=True):
        assert_complete(finding, card, assessment.picture)


def assert_complete(finding: Finding, card: Card, picture: Picture) -> None:
    basis, _, rest = card["detail"].partition("**Why:** ")
    why, _, rest = rest.partition("\n\n**Sources:**\n\n")
    assert len(why) > 20, "reasoning"
    cited, _, _ = rest.partition("\n\n")
    assert finding.row == "NA" or cited, "citation"
    assert all(SOURCE.match(line) for line in cited.splitlines() if finding.row != "NA")
    if finding.row != "W1" or "**Missing:** weight" not in rest:
        assert_dated(finding, basis, picture)
    assert f"Rules {library().version} (us), data as of 22 Nov 2026 08:14 UTC, unreviewed content." in rest, "version"
    assert "You decide." in rest
    assert all(words.partition(" (")[0] in why.replace("\\", "") for words in finding.incomplete), "limits"


def assert_dated(finding: Finding, basis: str, picture: Picture) -> None:
    """What the card rests on, with its date; or in words that there is none."""
    if finding.state is None:
        assert "**Reason:** " in basis or FOUND.search(basis) or A_DATE.search(basis)
    elif picture.latest is not None:
        assert day(picture.latest.when) in basis
    else:
        assert "**No usable neutrophil count on file.**" in basis
