"""Overlays T1 and B1: biologics that should not run side by side (labels of anakinra and tocilizumab)."""

from collections.abc import Iterable

from cds_service.clinical.picture import ANAKINRA
from cds_service.clinical.record import Draft, Medication
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
    drug = _names(drafts[:1])
    beside = [(draft, order) for draft in drafts for order in _active_beside(scene, draft)]
    if beside:
        clashing = tuple(dict.fromkeys(draft for draft, _ in beside))
        active = [order for _, order in beside]
        others = _joined(order.drug.name for order in active)
        sources = dict.fromkeys(order.source for order in active)
        return finding(f"{others} active", sources, clashing, drug=_names(clashing), other=others)
    also = tuple(each for each in scene.drafted(*BIOLOGICS) if _names((each,)) != drug)
    if also:
        together = finding("ordered together", (), (drafts[0], *also), drug=drug, other=_names(also))
        return together._replace(variant=BOTH_ORDERED)
    return _unless_medications_missing(scene, "no other biologic is active")


def _active_beside(scene: Scene, draft: Draft) -> tuple[Medication, ...]:
    """Active orders that a draft would overlap with: of anakinra, or, of an anakinra draft, of the other four."""
    others = IL1_IL6_BLOCKERS if _names((draft,)) == ANAKINRA else (ANAKINRA,)
    return tuple(order for other in others for order in _still_active(scene, other))


def _names(drafts: Iterable[Draft]) -> str:
    return _joined(draft.drug.name for draft in drafts if draft.drug is not None)


def _joined(names: Iterable[str]) -> str:
    """ "sarilumab and canakinumab", each once."""
    return " and ".join(dict.fromkeys(names))


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
