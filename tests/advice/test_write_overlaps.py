"""The summary of overlapping biologics, which may name several drugs on either side."""

import pytest

from cds_service.clinical.findings import Finding
from tests.advice.writing import card_about, card_in, patient_on_file

ALL = "sarilumab and canakinumab and rilonacept"
EVERY = f"tocilizumab and {ALL}"
CONFIRM = "Confirm this is a switch, not a combination."


@pytest.mark.parametrize("variant", ["", "both-ordered"])
@pytest.mark.parametrize(
    ("drug", "other", "named"),
    [
        ("anakinra", "sarilumab and canakinumab", ["Anakinra ", "sarilumab and canakinumab "]),
        ("anakinra", "tocilizumab and canakinumab", ["tocilizumab and canakinumab "]),
        ("anakinra", ALL, ["sarilumab and 2 more "]),
        (EVERY, "anakinra", ["Tocilizumab and 3 more ", "anakinra "]),
        (EVERY, f"anakinra and {EVERY}", ["Tocilizumab and 3 more ", "anakinra and 4 more "]),
    ],
)
def test_several_drugs_fit_in_a_summary(variant: str, drug: str, other: str, named: list[str]) -> None:
    finding = Finding(row="B1", code="overlapping-biologics", variant=variant, facts={"drug": drug, "other": other})
    summary = card_about(finding, patient_on_file(counts="3 @ day -1"))["summary"]
    assert len(summary) < 140
    assert summary.endswith(CONFIRM), "what is asked is never cut"
    for each in named:
        assert each in summary


def test_two_active_blockers_are_both_named() -> None:
    record = patient_on_file(
        orders="sarilumab active from day -9; canakinumab active from day -3", counts="3 @ day -1", ordered="anakinra"
    )
    summary = card_in(record, "overlapping-biologics")["summary"]
    assert "sarilumab" in summary
    assert "canakinumab" in summary
    assert len(summary) < 140
