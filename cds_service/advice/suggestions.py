"""What a card offers: at most one of a few suggestions, each a few actions on real resources.

Nothing changes unless a clinician accepts it and signs. Which card offers what: the clinical specification 0.3,
section 6; how an action looks: https://cds-hooks.hl7.org/2.0/#action
"""

from collections.abc import Callable, Mapping

from cds_service.advice.detail_facts import some
from cds_service.advice.occasion import Occasion
from cds_service.advice.suggestions_hold import hold
from cds_service.advice.suggestions_options import options
from cds_service.advice.suggestions_parts import (
    ADD_EARLY,
    CBC,
    CBC_AND_HEPATIC,
    MAS_LABS,
    REMOVE,
    REPEAT_AND_MAS,
    Offer,
    Suggestion,
    counts,
    draft_removals,
    early_counts,
    how_often,
    labs_for_tocilizumab,
    mas_labs,
)
from cds_service.clinical.findings import Finding
from cds_service.clinical.mas import Mas

Offering = Callable[[Finding, Occasion], Offer]


def offer_of(finding: Finding, occasion: Occasion) -> Offer:
    """The suggestions of a card; none for a code that only informs."""
    offering = OFFERINGS.get(finding.code)
    return offering(finding, occasion) if offering else Offer()


def _cbc(finding: Finding, occasion: Occasion) -> Offer:
    return Offer((Suggestion(CBC, counts(finding, occasion)),), values=how_often(finding))


def _recheck(finding: Finding, occasion: Occasion) -> Offer:
    """After a hold: the count; while MAS is in question or recorded its labs too, and nothing else."""
    in_mas = finding.state is not None and (finding.state.mas is not Mas.NONE or finding.state.hlh)
    return _counts_and_mas(finding, occasion) if in_mas else _cbc(finding, occasion)


def _counts_and_mas(finding: Finding, occasion: Occasion) -> Offer:
    labs = mas_labs(occasion)
    if not labs:
        return _cbc(finding, occasion)
    both = Suggestion(REPEAT_AND_MAS, (*counts(finding, occasion), *labs.values()))
    return Offer((both,), values={"mas_labs": some(labs)} | how_often(finding))


def _mas(finding: Finding, occasion: Occasion) -> Offer:
    labs = mas_labs(occasion)
    return Offer((Suggestion(MAS_LABS, tuple(labs.values())),), values={"mas_labs": some(labs)}) if labs else Offer()


def _cbc_and_hepatic(finding: Finding, occasion: Occasion) -> Offer:
    return Offer((Suggestion(CBC_AND_HEPATIC, labs_for_tocilizumab(occasion)),))


def _early(finding: Finding, occasion: Occasion) -> Offer:
    return Offer((Suggestion(ADD_EARLY, early_counts(occasion)),))


def _remove(finding: Finding, occasion: Occasion) -> Offer:
    """Remove the draft and order a count; on the chart there is no draft to remove."""
    if not occasion.on_order:
        return Offer()
    removals = draft_removals(finding)
    if removals:
        removal = Suggestion(REMOVE, (*removals, *counts(finding, occasion)))
        return Offer((removal,), values=how_often(finding))
    words = " ".join(("Order a CBC with differential", *how_often(finding).values()))
    instead = f"{words}; this draft carries no id, so it cannot be removed from here. You decide."
    return Offer((Suggestion(CBC, counts(finding, occasion)),), instead=instead)


OFFERINGS: Mapping[str, Offering] = {
    "hold-anakinra": hold,
    "review-anakinra": hold,
    "verify-anc": _cbc,
    "baseline-anc": _cbc,
    "anc-overdue": _cbc,
    "anc-falling": _cbc,
    "watch-after-restart": _cbc,
    "recovering": _cbc,
    "not-recovering": _cbc,
    "neutropenic-fever": _cbc,
    "anakinra-needs-anc": _cbc,
    "recheck-after-hold": _recheck,
    "tocilizumab-needs-labs": _cbc_and_hepatic,
    "tocilizumab-labs-due": _cbc_and_hepatic,
    "rechallenge-or-switch": options,
    "switch-after-failed-rechallenge": options,
    "recovered-but-unwell": _counts_and_mas,
    "anakinra-in-mas": _counts_and_mas,
    "do-not-start-anakinra": _remove,
    "tocilizumab-below-threshold": _remove,
    "rechallenge-after-failure": _early,
    "rechallenge-after-recovery": _early,
    "mas-pattern": _mas,
    "mas-labs-incomplete": _mas,
}
"""Codes that are not here offer nothing: they inform."""
