"""Overlays M1, M1b and M2: macrophage activation syndrome, seen or not ruled out (source MAS16)."""

from decimal import Decimal

from cds_service.clinical.labs import above
from cds_service.clinical.mas import Mas
from cds_service.clinical.neutrophils import LOW
from cds_service.clinical.record import Result
from cds_service.clinical.scene import Scene, Verdict, clear, finding, not_applicable, not_evaluated
from cds_service.clinical.state import stale_after, view_basis


def mas_pattern_full(scene: Scene) -> Verdict:
    """M1: the results fit, fever is recorded and Still's disease is coded."""
    return _pattern(scene, Mas.M1)


def mas_pattern_partial(scene: Scene) -> Verdict:
    """M1b: the results fit, but fever is not known or Still's disease is not coded."""
    return _pattern(scene, Mas.M1B)


def _pattern(scene: Scene, wanted: Mas) -> Verdict:
    picture = scene.picture
    if not (scene.anakinra_in_use or picture.tocilizumab_existing or scene.selected("anakinra", "tocilizumab")):
        return not_applicable("neither anakinra nor tocilizumab in use or ordered")
    pattern = picture.mas_pattern
    if pattern.fits is None:
        return not_evaluated(pattern.reason)
    if not pattern.fits:
        return clear(pattern.reason)
    if picture.mas is not wanted:
        return clear(f"the results fit; reported as {picture.mas}")
    return finding("results fit the 2016 classification pattern", (*pattern.sources, *picture.fever.sources))


def mas_labs_incomplete(scene: Scene) -> Verdict:
    """M2: a low neutrophil count, another falling line, and MAS labs that nobody has yet."""
    picture = scene.picture
    if not scene.anakinra_in_use:
        return not_applicable("anakinra neither on nor held")
    if picture.anc(stale_after(picture, view_basis(picture))) not in LOW:
        return clear("no low neutrophil count in force") if picture.latest else not_evaluated("no neutrophil count")
    if picture.mas is not Mas.NONE:
        return clear(f"reported as {picture.mas}")
    missing = picture.mas_pattern.missing
    labs = picture.record.completeness_of("labs")
    falling = _second_line(scene)
    if missing and falling:
        return finding("another line is low or falling", (each.source for each in falling), list=missing)
    if not labs.complete:
        return not_evaluated(f"laboratory results incomplete: {labs.reason}")
    if not missing:
        return clear("all MAS labs are on file")
    span = picture.limits.second_line_within
    if not picture.labs.latest("platelets", span) and len(picture.labs.within("hemoglobin", span)) < 2:
        return not_evaluated("neither platelets nor two haemoglobin results within 14 days")
    return clear("no other line low or falling within 14 days")


def _second_line(scene: Scene) -> tuple[Result, ...]:
    """Platelets below 150, or haemoglobin fallen by 2 g/dL or more, within 14 days."""
    picture = scene.picture
    limits = picture.limits
    platelets = picture.labs.latest("platelets", limits.second_line_within)
    if platelets is not None and above(platelets, limits.second_line_platelets_below, or_equal=True) is False:
        return (platelets,)
    *earlier, last = picture.labs.within("hemoglobin", limits.second_line_within) or (None,)
    if last is None or last.value is None or last.comparator:
        return ()
    highest = max(
        (each for each in earlier if each is not None and not each.comparator),
        key=lambda each: each.value or Decimal(0),
        default=None,
    )
    if highest is None or (highest.value or Decimal(0)) - last.value < limits.second_line_hemoglobin_fall:
        return ()
    return (highest, last)
