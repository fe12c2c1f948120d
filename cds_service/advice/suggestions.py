"""What a card offers: at most one of a few suggestions, each a few actions on real resources.

Nothing changes unless a clinician accepts it and signs. Which card offers what: the clinical specification 0.3,
section 6; how an action looks: https://cds-hooks.hl7.org/2.0/#action
"""

from collections.abc import Callable, Mapping

from cds_service.advice.occasion import Occasion
from cds_service.advice.resources import rechallenge_draft, tocilizumab_draft
from cds_service.advice.suggestions_hold import hold
from cds_service.advice.suggestions_parts import (
    ADD_EARLY,
    CBC,
    CBC_AND_HEPATIC,
    MAS_LABS,
    PLAN_RECHALLENGE,
    REMOVE,
    REPEAT_AND_MAS,
    SWITCH,
    TOCILIZUMAB_LABS,
    Offer,
    Suggestion,
    counts,
    create,
    draft_removals,
    early_counts,
    labs_for_tocilizumab,
    mas_labs,
)
from cds_service.clinical.findings import Finding
from cds_service.clinical.liver import start_labs_within_limits
from cds_service.clinical.mas import Mas
from cds_service.codes.labs import ANALYTES

Offering = Callable[[Finding, Occasion], Offer]


def offer_of(finding: Finding, occasion: Occasion) -> Offer:
    """The suggestions of a card; none for a code that only informs."""
    offering = OFFERINGS.get(finding.code)
    return offering(finding, occasion) if offering else Offer()


def _cbc(finding: Finding, occasion: Occasion) -> Offer:
    return Offer((Suggestion(CBC, counts(finding, occasion)),))


def _recheck(finding: Finding, occasion: Occasion) -> Offer:
    """After a hold: the count; while MAS is in question its labs too, and nothing else."""
    in_mas = finding.state is not None and finding.state.mas is not Mas.NONE
    return _counts_and_mas(finding, occasion) if in_mas else _cbc(finding, occasion)


def _counts_and_mas(finding: Finding, occasion: Occasion) -> Offer:
    labs = mas_labs(occasion)
    if not labs:
        return _cbc(finding, occasion)
    names = ", ".join(ANALYTES[name].words for name in occasion.picture.mas_pattern.missing)
    also = f"MAS labs not on file: {names}." if finding.code == "recheck-after-hold" else ""
    return Offer((Suggestion(REPEAT_AND_MAS, (*counts(finding, occasion), *labs)),), also=also)


def _mas(finding: Finding, occasion: Occasion) -> Offer:
    labs = mas_labs(occasion)
    return Offer((Suggestion(MAS_LABS, labs),)) if labs else Offer()


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
        return Offer((Suggestion(REMOVE, (*removals, *counts(finding, occasion))),))
    instead = "Order a CBC with differential; this draft carries no id, so it cannot be removed from here. You decide."
    return Offer((Suggestion(CBC, counts(finding, occasion)),), instead=instead)


def _options(finding: Finding, occasion: Occasion) -> Offer:
    """Switch (only where the label's start limits are known to be met) or plan a rechallenge; neither recommended."""
    latest = occasion.picture.latest
    recovered = latest is not None and latest.value >= occasion.limits.tocilizumab_start
    labs = labs_for_tocilizumab(occasion)
    if recovered and start_labs_within_limits(occasion.picture):
        draft = create("Draft a tocilizumab order", tocilizumab_draft(occasion))
        first = Suggestion(SWITCH, (draft, *labs))
    else:
        first = Suggestion(TOCILIZUMAB_LABS, labs)
    again = create("Draft an anakinra order without a dose", rechallenge_draft(occasion))
    return Offer((first, Suggestion(PLAN_RECHALLENGE, (again, *early_counts(occasion)))))


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
    "rechallenge-or-switch": _options,
    "switch-after-failed-rechallenge": _options,
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
