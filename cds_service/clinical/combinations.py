"""Overlays T1 and B1: biologics that should not run side by side (labels of anakinra and tocilizumab)."""

from collections.abc import Iterable
from dataclasses import replace

from cds_service.clinical.picture import ANAKINRA
from cds_service.clinical.record import Medication
from cds_service.clinical.scene import Scene, Verdict, clear, finding, not_applicable, not_evaluated
from cds_service.clinical.state import IL1_IL6_BLOCKERS

BOTH_ORDERED = "both-ordered"
BIOLOGICS = (ANAKINRA, *IL1_IL6_BLOCKERS)


def tnf_combination(scene: Scene) -> Verdict:
    """T1: a TNF blocker active or drafted, with anakinra on or drafted."""
    blockers = scene.picture.active_in("tnf-blocker")
    drafts = scene.drafted(ANAKINRA, group="tnf-blocker")
    anakinra = scene.anakinra_on or bool(scene.drafted(ANAKINRA))
    tnf = bool(blockers) or bool(scene.drafted(group="tnf-blocker"))
    by_orders_alone = scene.anakinra_on and bool(blockers)
    if anakinra and tnf and (by_orders_alone or any(draft.selected for draft in drafts)):
        orders = [each.source for match in blockers for each in scene.picture.active[match.name]]
        return finding("anakinra together with a TNF blocker", orders, drafts)
    return _unless_medications_missing(scene, "no TNF blocker together with anakinra")


def overlapping_biologics(scene: Scene) -> Verdict:
    """B1: another IL-1/IL-6 blocker ordered beside active anakinra, or the reverse, or two ordered. No switch."""
    drafts = scene.selected(*BIOLOGICS)
    if not drafts:
        return not_applicable("none of the five biologics is ordered")
    for draft in drafts:
        drug = draft.drug.name if draft.drug else ""
        for other in IL1_IL6_BLOCKERS if drug == ANAKINRA else (ANAKINRA,):
            if active := _still_active(scene, other):
                sources = (each.source for each in active)
                return finding(f"{other} is active", sources, (draft,), drug=drug, other=other)
        also = [each for each in scene.drafted(*BIOLOGICS) if each.drug and each.drug.name != drug]
        if also:
            other = also[0].drug.name if also[0].drug else ""
            together = finding("both are ordered", (), (draft, *also), drug=drug, other=other)
            return replace(together, variant=BOTH_ORDERED)
    return _unless_medications_missing(scene, "no other biologic is active")


def _still_active(scene: Scene, drug: str) -> tuple[Medication, ...]:
    """Active orders of the drug that this same session does not stop or hold: then it is a switch."""
    stopped = {draft.source for draft in scene.picture.record.drafts if draft.ends}
    orders: Iterable[Medication] = scene.picture.active.get(drug, ())
    return tuple(each for each in orders if each.source not in stopped)


def _unless_medications_missing(scene: Scene, reason: str) -> Verdict:
    completeness = scene.picture.record.completeness_of("medications")
    if not completeness.complete:
        return not_evaluated(f"medication requests incomplete: {completeness.reason or 'another patient among them'}")
    return clear(reason)
