"""The whole state grid: every state gets one row, every row is reached, and no state is waved through.

The rows themselves are shown case by case in ``tables/``; here are the promises that must hold for all of them.
"""

from collections.abc import Iterator
from itertools import product

import pytest

from cds_service.clinical import rows
from cds_service.clinical.episodes import Past
from cds_service.clinical.exposure import Use
from cds_service.clinical.gaps import Gaps, why_not_assessed
from cds_service.clinical.mas import Mas
from cds_service.clinical.neutrophils import BELOW_1, LOW, NORMAL, Anc, Trend
from cds_service.clinical.record import Completeness, Extent
from cds_service.clinical.rows import Block, Rests, Row, choose, rests_on_low_count
from cds_service.clinical.state import State

YES_NO = (False, True)
DIMENSIONS = {
    "anc": tuple(Anc),
    "trend": tuple(Trend),
    "steep_fall": YES_NO,
    "anakinra": tuple(Use),
    "count_since_hold": YES_NO,
    "early_hold": YES_NO,
    "history": tuple(Past),
    "restarted": YES_NO,
    "fever": YES_NO,
    "mas": tuple(Mas),
    "hlh": YES_NO,
    "tocilizumab": YES_NO,
    "other_blocker": YES_NO,
    "start_labs": YES_NO,
    "already_active": YES_NO,
    "mild": YES_NO,
}


def some(names: str) -> dict[str, tuple[object, ...]]:
    """The dimensions a block asks about; the others stay at their default."""
    return {name: DIMENSIONS[name] for name in names.split()}


ASKED_OF: dict[str, tuple[Block, dict[str, tuple[object, ...]]]] = {
    "anakinra on the chart": (
        rows.ANAKINRA_VIEW,
        some("anc trend steep_fall count_since_hold early_hold history restarted fever mas tocilizumab other_blocker")
        | {"anakinra": (Use.ON, Use.HELD)},
    ),
    "tocilizumab on the chart": (rows.TOCILIZUMAB_VIEW, some("anc trend fever mas history anakinra")),
    "neither on the chart": (rows.NEITHER_VIEW, some("anc fever")),
    "anakinra ordered": (
        rows.ANAKINRA_ORDER,
        some("anc trend count_since_hold history fever mas hlh tocilizumab") | {"anakinra": (Use.OFF, Use.HELD)},
    ),
    "tocilizumab ordered": (
        rows.TOCILIZUMAB_ORDER,
        some("anc anakinra count_since_hold tocilizumab start_labs fever mas history"),
    ),
    "another listed drug ordered": (rows.CONFOUNDER_ORDER, some("anc anakinra mas already_active mild fever")),
    "any other drug ordered": (rows.OTHER_ORDER, some("anc anakinra")),
}
EXTENTS = tuple(Completeness(extent, "" if extent is Extent.COMPLETE else "timed out") for extent in Extent)
GAPS = tuple(
    Gaps(counts, medications, foreign, hangs)
    for counts, medications, foreign, hangs in product(EXTENTS, EXTENTS, (0, 1), YES_NO)
    if not (hangs and counts.complete)
)


def states(question: str) -> Iterator[State]:
    _, dimensions = ASKED_OF[question]
    names = tuple(dimensions)
    for values in product(*dimensions.values()):
        yield State(**dict(zip(names, values, strict=True)))


def answers(question: str) -> Iterator[tuple[State, Row]]:
    block, _ = ASKED_OF[question]
    return ((state, choose(block, state)) for state in states(question))


def test_the_grid_has_every_dimension_of_a_state() -> None:
    assert set(DIMENSIONS) == set(State._fields)
    assert {name for _, dimensions in ASKED_OF.values() for name in dimensions} == set(DIMENSIONS)


def test_every_block_is_asked() -> None:
    assert {id(block) for block, _ in ASKED_OF.values()} == {id(block) for block in rows.BLOCKS.values()}


@pytest.mark.parametrize("question", ASKED_OF)
def test_every_state_gets_one_row_and_every_row_is_reached(question: str) -> None:
    block, _ = ASKED_OF[question]
    reached = {id(row) for _, row in answers(question)}
    assert [f"{row.id} {row.variant}" for row in block if id(row) not in reached] == []


def test_a_low_count_on_anakinra_is_never_met_with_silence() -> None:
    for state, row in answers("anakinra on the chart"):
        if state.anc in LOW:
            assert row.code or row.id == "PT", state


def test_fever_with_a_low_count_always_comes_first() -> None:
    for question in ("anakinra on the chart", "tocilizumab on the chart"):
        for state, row in answers(question):
            assert (row.code == "neutropenic-fever") == (state.fever and state.anc in LOW), state


def test_a_switch_or_a_rechallenge_is_offered_only_on_a_recovered_count_taken_since_the_hold() -> None:
    for state, row in answers("anakinra on the chart"):
        if row.code in ("rechallenge-or-switch", "switch-after-failed-rechallenge"):
            assert state.anakinra is Use.HELD
            assert state.anc in NORMAL
            assert state.count_since_hold
            assert not state.fever
            assert state.mas is Mas.NONE


def test_holding_is_advised_only_while_on_anakinra_and_below_1() -> None:
    for state, row in answers("anakinra on the chart"):
        if row.code == "hold-anakinra":
            assert state.anakinra is Use.ON
            assert state.anc in BELOW_1


def test_possible_mas_is_never_answered_with_do_not_start() -> None:
    for state, row in answers("anakinra ordered"):
        if state.mas is not Mas.NONE or state.hlh:
            assert row.code != "do-not-start-anakinra", state


def test_a_low_count_or_none_at_all_never_passes_an_order_of_a_biologic() -> None:
    for state, row in answers("anakinra ordered"):
        assert row.code or state.anc in NORMAL, state
    for state, row in answers("tocilizumab ordered"):
        tolerable = state.anc in NORMAL or (state.tocilizumab and state.anc is Anc.ABOVE_1)
        assert row.code or tolerable, state
        if not state.tocilizumab and not row.code:
            assert state.anc is Anc.FROM_2
            assert state.start_labs


def test_a_drug_that_is_already_active_is_a_renewal_and_silent() -> None:
    for state, row in answers("another listed drug ordered"):
        if state.already_active or state.anakinra is Use.OFF:
            assert not row.code, state


def one_of_each(question: str) -> Iterator[tuple[State, Row]]:
    """Answers that differ in what ``why_not_assessed`` looks at: one example of each is enough."""
    seen: set[tuple[object, ...]] = set()
    for state, row in answers(question):
        key = (id(row), state.anc, state.anakinra, state.already_active, state.mas)
        if key not in seen:
            seen.add(key)
            yield state, row


@pytest.mark.parametrize("question", ASKED_OF)
def test_incomplete_data_never_silences_a_low_count(question: str) -> None:
    block, _ = ASKED_OF[question]
    for state, row in one_of_each(question):
        if rests_on_low_count(row, state):
            assert [why_not_assessed(block, row, state, gaps) for gaps in GAPS] == [""] * len(GAPS)


@pytest.mark.parametrize("question", ["anakinra on the chart", "anakinra ordered", "tocilizumab ordered"])
def test_without_the_counts_no_absence_is_claimed_and_nothing_is_clear(question: str) -> None:
    block, _ = ASKED_OF[question]
    without = [gaps for gaps in GAPS if not gaps.counts.complete]
    for state, row in one_of_each(question):
        if row.rests in (Rests.SILENCE, Rests.ABSENCE) or (row.rests is Rests.COUNT and state.anc not in LOW):
            assert all(why_not_assessed(block, row, state, gaps) for gaps in without), (row.id, state)


@pytest.mark.parametrize("question", ASKED_OF)
def test_another_patients_resource_spoils_every_silence(question: str) -> None:
    block, _ = ASKED_OF[question]
    silent = [(state, row) for state, row in one_of_each(question) if row.rests is Rests.SILENCE]
    assert all(why_not_assessed(block, row, state, Gaps(foreign=1)) for state, row in silent)


@pytest.mark.parametrize("question", ASKED_OF)
def test_complete_data_leaves_every_row_standing(question: str) -> None:
    block, _ = ASKED_OF[question]
    assert all(why_not_assessed(block, row, state, Gaps()) == "" for state, row in one_of_each(question))


@pytest.mark.parametrize("question", ASKED_OF)
def test_a_block_ends_with_a_row_that_matches_everything(question: str) -> None:
    block, _ = ASKED_OF[question]
    assert all(block[-1].when(state) for state in states(question))
