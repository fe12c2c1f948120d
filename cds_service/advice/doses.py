"""Doses a suggestion may state: half the previous anakinra dose, and the label's tocilizumab dose by weight."""

import re

from cds_service.advice.dates import day
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import bounded, figure, result_words
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Kind, Medication

UNDECIDED = "Dose: to be decided."
# Half a "syringe" or half a "dose" would be no instruction; only a mass can be halved in words.
_MASS = re.compile(r"(mg|g|ug|mcg)(/kg)?(/(d|day|24\.?h))?")


def previous_anakinra_order(picture: Picture) -> Medication | None:
    """The request that was written last in the latest exposure; None where only doses given are on file."""
    intervals = picture.anakinra.intervals
    requests = [each for each in intervals[-1].orders if each.kind is Kind.REQUEST] if intervals else []
    return max(requests, key=lambda each: each.authored.at.timestamp() if each.authored else 0.0, default=None)


def half_previous_dose(picture: Picture) -> str:
    """ "50 mg", the part of the previous dose that source S2 proposes; "" unless that dose is a structured mass."""
    order = previous_anakinra_order(picture)
    dose = order.dose if order is not None else None
    if dose is None or not _MASS.fullmatch(dose.unit):
        return ""
    return f"{figure(dose.value * picture.limits.rechallenge_dose_part)} {dose.unit}"


def tocilizumab_dose(occasion: Occasion) -> str:
    """The label's intravenous dose by weight, only for coded systemic JIA, from age 2, with a current weight."""
    picture, limits = occasion.picture, occasion.limits
    weight = picture.labs.latest("weight", limits.weight_within)
    known = weight is not None and weight.value is not None and not weight.comparator
    old_enough = occasion.age is not None and occasion.age >= limits.tocilizumab_min_age
    if not (known and old_enough and picture.conditions("sjia", active_only=True)):
        return UNDECIDED
    assert weight is not None  # noqa: S101 - told to the type checker
    assert weight.value is not None  # noqa: S101
    light = weight.value < limits.tocilizumab_weight_step
    dose = limits.tocilizumab_dose_below_step if light else limits.tocilizumab_dose_from_step
    step = f"{'below' if light else 'from'} {bounded(limits.tocilizumab_weight_step, '', limits)} kg"
    weeks = limits.tocilizumab_interval.days // 7
    on_file = f"weight on file {result_words(weight, limits)}"
    when = f", {day(weight.when, occasion.zone)}" if weight.when else ""
    return f"Label (systemic JIA, {step}): {figure(dose)} mg/kg intravenously every {weeks} weeks; {on_file}{when}."
