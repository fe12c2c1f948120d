"""The base questions of a hook call, and the row that answers each.

One on patient-view (the chart); on the order hooks one for each drug that is ordered.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cds_service.clinical.exposure import Use
from cds_service.clinical.picture import ANAKINRA, TOCILIZUMAB, Picture
from cds_service.clinical.record import Draft
from cds_service.clinical.rows import (
    ANAKINRA_ORDER,
    ANAKINRA_VIEW,
    CONFOUNDER_ORDER,
    NEITHER_VIEW,
    OTHER_ORDER,
    TOCILIZUMAB_ORDER,
    TOCILIZUMAB_VIEW,
    Block,
    Rests,
    choose,
)
from cds_service.clinical.scene import Chosen, Hook
from cds_service.clinical.state import Basis, is_mild, state_of, view_basis
from cds_service.codes.drugs import in_group

CONCERNED = ("biologic", "tnf-blocker", "confounder")


def concerns_us(drafts: Iterable[Draft]) -> bool:
    """Whether any order is about a drug this service advises on; if none is, there is nothing to ask or to fetch.

    An order that cannot be identified, and a set of orders that are all another patient's, cannot be waved through.
    """
    drafts = tuple(drafts)
    proposed = [each for each in drafts if not each.ends]
    return (bool(drafts) and all(each.foreign for each in drafts)) or any(
        each.unidentified or (each.drug is not None and any(in_group(each.drug.name, g) for g in CONCERNED))
        for each in proposed
    )


class Question(NamedTuple):
    """One base question of a call: about the chart, or about the drafts of one drug."""

    block: Block
    basis: Basis
    drug: str = ""
    drafts: tuple[Draft, ...] = ()


def questions(picture: Picture, hook: Hook, drafts: Iterable[Draft]) -> Iterator[Question]:
    """The base questions: one on patient-view, one for each drug that is ordered."""
    if hook is Hook.VIEW:
        yield _view_question(picture)
        return
    by_drug: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.selected and draft.drug is not None:
            by_drug.setdefault(draft.drug.name, []).append(draft)
    for drug, ordered in by_drug.items():
        yield _order_question(picture, drug, tuple(ordered))


def _view_question(picture: Picture) -> Question:
    basis = view_basis(picture)
    if basis is not Basis.TOCILIZUMAB:
        return Question(ANAKINRA_VIEW, basis, ANAKINRA)
    if picture.tocilizumab_existing:
        return Question(TOCILIZUMAB_VIEW, basis, TOCILIZUMAB)
    return Question(NEITHER_VIEW, basis)


def _order_question(picture: Picture, drug: str, drafts: tuple[Draft, ...]) -> Question:
    if drug == ANAKINRA:
        if picture.anakinra.use is Use.ON:
            return Question(ANAKINRA_VIEW, Basis.ON, drug, drafts)
        return Question(ANAKINRA_ORDER, Basis.START, drug, drafts)
    if drug == TOCILIZUMAB:
        basis = Basis.TOCILIZUMAB if picture.tocilizumab_existing else Basis.START
        return Question(TOCILIZUMAB_ORDER, basis, drug, drafts)
    block = CONFOUNDER_ORDER if in_group(drug, "confounder") else OTHER_ORDER
    return Question(block, view_basis(picture), drug, drafts)


def answer_of(picture: Picture, question: Question) -> tuple[Chosen, Block]:
    """The row of a question, and the block it was found in (a held patient on tocilizumab is passed on)."""
    block = question.block
    state = state_of(picture, question.basis, question.drug, mild=is_mild(question.drug))
    row = choose(block, state)
    if row.rests is Rests.ELSEWHERE:
        block = TOCILIZUMAB_VIEW
        state = state_of(picture, Basis.TOCILIZUMAB, TOCILIZUMAB)
        row = choose(block, state)
    return Chosen(row, state, question.drug), block
