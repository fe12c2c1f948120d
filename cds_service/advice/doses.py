"""Doses a suggestion may state: half the previous anakinra dose, and the label's tocilizumab dose by weight."""

import re

from cds_service.advice.dates import day
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import bounded, figure, result_words
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Kind, Medication, Result
from cds_service.clinical.thresholds import Thresholds
from cds_service.codes.prefetch_keys import PATIENT, VITALS

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
    weight = _dosing_weight(occasion)
    if weight is None:
        return UNDECIDED
    limits = occasion.limits
    side = "below" if _is_light(weight, limits) else "from"
    step = f"{side} {bounded(limits.tocilizumab_weight_step, '', limits)} kg"
    on_file = f"weight on file {result_words(weight, limits)}"
    when = f", {day(weight.when)}" if weight.when else ""
    return f"Label (systemic JIA, {step}): {_by_weight(weight, limits)}; {on_file}{when}."


def dose_in_brief(occasion: Occasion) -> str:
    """The same for a card: "label: 8 mg/kg intravenously every 2 weeks", "dose to be decided"."""
    weight = _dosing_weight(occasion)
    return f"label: {_by_weight(weight, occasion.limits)}" if weight is not None else "dose to be decided"


def _dosing_weight(occasion: Occasion) -> Result | None:
    """The weight to dose tocilizumab by; None where the label gives no dose for this patient, or where age and weight
    could not be read in full.
    """
    if not all(occasion.picture.record.completeness_of(key).complete for key in (PATIENT, VITALS)):
        return None
    picture, limits = occasion.picture, occasion.limits
    weight = picture.labs.latest("weight", limits.weight_within)
    old_enough = occasion.age is not None and occasion.age >= limits.tocilizumab_min_age
    if not (old_enough and picture.conditions("sjia", active_only=True)):
        return None
    return weight if weight is not None and weight.value is not None and not weight.comparator else None


def _by_weight(weight: Result, limits: Thresholds) -> str:
    dose = limits.tocilizumab_dose_below_step if _is_light(weight, limits) else limits.tocilizumab_dose_from_step
    return f"{figure(dose)} mg/kg intravenously every {limits.tocilizumab_interval.days // 7} weeks"


def _is_light(weight: Result, limits: Thresholds) -> bool:
    return weight.value is not None and weight.value < limits.tocilizumab_weight_step
