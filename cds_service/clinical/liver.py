"""Overlays L1, L2 and L3: platelets and liver enzymes against the tocilizumab and anakinra labels.

A multiple of the upper limit of normal is taken only from the report's own reference range; without one the overlay
is not evaluated.
"""

from collections.abc import Callable
from decimal import Decimal

from cds_service.clinical.findings import Fact
from cds_service.clinical.labs import above, ratio
from cds_service.clinical.picture import ANAKINRA, TOCILIZUMAB, Picture
from cds_service.clinical.record import Result
from cds_service.clinical.scene import Hook, Scene, Verdict, clear, finding, not_applicable, not_evaluated

ENZYMES = ("alt", "ast")


def tocilizumab_start_labs(scene: Scene) -> Verdict:
    """L1: a new start with ALT or AST above 1.5 x ULN, or platelets below 100, within 30 days."""
    picture, limits = scene.picture, scene.picture.limits
    if not scene.selected(TOCILIZUMAB) or picture.tocilizumab_existing:
        return not_applicable("no new tocilizumab is ordered")

    def too_few(platelets: Result) -> bool | None:
        enough = above(platelets, limits.platelets_start_below, or_equal=True)
        return None if enough is None else not enough

    return _about(_labs(scene, too_few, limits.liver_start_above), scene, TOCILIZUMAB)


def tocilizumab_continuation_labs(scene: Scene) -> Verdict:
    """L2: existing tocilizumab with platelets of 100 or fewer, or ALT or AST above 3 x ULN, within 30 days."""
    picture, limits = scene.picture, scene.picture.limits
    spoken_of = scene.hook is Hook.VIEW or bool(scene.selected(TOCILIZUMAB))
    if not (picture.tocilizumab_existing and spoken_of):
        return not_applicable("tocilizumab is not in use, or not what is ordered")

    def too_few(platelets: Result) -> bool | None:
        enough = above(platelets, limits.platelets_hold_at_most)
        return None if enough is None else not enough

    return _about(_labs(scene, too_few, limits.liver_hold_above), scene, TOCILIZUMAB)


def anakinra_liver(scene: Scene) -> Verdict:
    """L3: ALT or AST above 3 x ULN on anakinra, or at 1.5 x ULN and more with anakinra drafted, within 30 days."""
    limits = scene.picture.limits
    if scene.selected(ANAKINRA):
        return _about(_enzymes(scene, limits.liver_anakinra_draft_from, or_equal=True), scene, ANAKINRA)
    if scene.anakinra_on:
        return _enzymes(scene, limits.liver_anakinra_on_above)
    return not_applicable("anakinra neither on nor ordered")


def start_labs_within_limits(picture: Picture) -> bool:
    """Platelets, ALT and AST, each at most 30 days old, all known to be within the limits of a tocilizumab start.

    Not known where the results could not be read in full: a later one may be outside.
    """
    limits = picture.limits
    if not picture.record.completeness_of("labs").complete:
        return False
    platelets = _recent(picture, "platelets")
    if platelets is None or above(platelets, limits.platelets_start_below, or_equal=True) is not True:
        return False
    enzymes = [_recent(picture, name) for name in ENZYMES]
    return all(each is not None and _exceeds(each, limits.liver_start_above) is False for each in enzymes)


def _about(verdict: Verdict, scene: Scene, drug: str) -> Verdict:
    """The same verdict, about the orders of that drug (none on patient-view)."""
    return verdict._replace(drafts=scene.selected(drug))


def _recent(picture: Picture, analyte: str) -> Result | None:
    return picture.labs.latest(analyte, picture.limits.liver_within)


def _exceeds(result: Result, times: Decimal, *, or_equal: bool = False) -> bool | None:
    """Whether an enzyme is above ``times`` x its own upper limit; None without one."""
    if ratio(result) is None or result.upper_limit is None:
        return None
    return above(result, times * result.upper_limit, or_equal=or_equal)


def _labs(scene: Scene, too_few: Callable[[Result], bool | None], times: Decimal) -> Verdict:
    platelets = _recent(scene.picture, "platelets")
    enzymes = _enzymes(scene, times)
    few = None if platelets is None else too_few(platelets)
    if platelets is not None and few:
        facts: dict[str, Fact] = {"platelets": platelets.value or Decimal(0), **enzymes.facts}
        few_platelets = finding("platelets outside the label's limit", (platelets.source, *enzymes.sources))
        return few_platelets._replace(facts=facts)
    if enzymes.answer == "CLEAR" and few is None:
        return not_evaluated("no usable platelet count within 30 days")
    return enzymes


def _enzymes(scene: Scene, times: Decimal, *, or_equal: bool = False) -> Verdict:
    """The higher of ALT and AST against a multiple of its upper limit."""
    found = [each for name in ENZYMES if (each := _recent(scene.picture, name)) is not None]
    high = [each for each in found if _exceeds(each, times, or_equal=or_equal)]
    if high:
        worst = max(high, key=lambda each: ratio(each) or Decimal(0))
        return finding(
            f"{worst.analyte.upper()} above the limit",
            (each.source for each in high),
            analyte=worst.analyte.upper(),
            ratio=ratio(worst) or Decimal(0),
        )
    labs = scene.picture.record.completeness_of("labs")
    if not labs.complete:
        return not_evaluated(f"laboratory results incomplete: {labs.reason}")
    if not found:
        return not_evaluated("no usable ALT or AST within 30 days")
    if any(_exceeds(each, times, or_equal=or_equal) is None for each in found):
        return not_evaluated("no upper limit of normal with the ALT or AST result")
    return clear("ALT and AST within the limit")
