"""The suggestions after recovery: a switch to tocilizumab or the labs it needs, and a rechallenge. None recommended."""

from cds_service.advice.detail_facts import missing_start_results
from cds_service.advice.doses import dose_in_brief
from cds_service.advice.occasion import Occasion
from cds_service.advice.resources import rechallenge_draft, tocilizumab_draft
from cds_service.advice.suggestions_parts import (
    PLAN_RECHALLENGE,
    SWITCH,
    TOCILIZUMAB_LABS,
    Offer,
    Suggestion,
    create,
    early_counts,
    labs_for_tocilizumab,
)
from cds_service.clinical.findings import Finding
from cds_service.clinical.liver import start_labs_within_limits
from cds_service.codes.prefetch_keys import LABS


def options(_: Finding, occasion: Occasion) -> Offer:
    """A switch only where the label's start limits are known to be met; otherwise the labs, and the card says why."""
    labs = labs_for_tocilizumab(occasion)
    not_yet = _not_yet(occasion)
    if not_yet:
        first, values = Suggestion(TOCILIZUMAB_LABS, labs), {"not_yet": not_yet}
    else:
        draft = create("Draft a tocilizumab order", tocilizumab_draft(occasion))
        first, values = Suggestion(SWITCH, (draft, *labs)), {"switch_dose": dose_in_brief(occasion)}
    again = create("Draft an anakinra order without a dose", rechallenge_draft(occasion))
    return Offer((first, Suggestion(PLAN_RECHALLENGE, (again, *early_counts(occasion)))), values=values)


def _not_yet(occasion: Occasion) -> str:
    """Why no tocilizumab order is drafted: "ANC below 2.0; start labs missing"; "" where one is."""
    picture, start = occasion.picture, occasion.limits.tocilizumab_start
    reasons = []
    if picture.latest is None or picture.latest.value < start:
        reasons.append(f"ANC below {start}")
    if not start_labs_within_limits(picture):
        reasons.append(_why_not(occasion))
    return "; ".join(reasons)


def _why_not(occasion: Occasion) -> str:
    if missing_start_results(occasion):
        return "start labs missing"
    complete = occasion.picture.record.completeness_of(LABS).complete
    return "platelets, ALT or AST outside the start limits" if complete else "start labs could not be read in full"
