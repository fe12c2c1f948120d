"""Overlays R1, W1, D1 and G1: what bears on a dose, or on how far a count can be trusted."""

from datetime import date, datetime

from cds_service.clinical.exposure import Use
from cds_service.clinical.intervals import Ended, interval_of
from cds_service.clinical.labs import above
from cds_service.clinical.neutrophils import Anc
from cds_service.clinical.picture import ANAKINRA, TOCILIZUMAB, Picture
from cds_service.clinical.record import Medication
from cds_service.clinical.rows import Rests
from cds_service.clinical.scene import Scene, Verdict, clear, finding, not_applicable, not_evaluated
from cds_service.codes.drugs import in_group


def renal_dose(scene: Scene) -> Verdict:
    """R1: anakinra drafted and the latest eGFR of 90 days below 30."""
    picture = scene.picture
    if not scene.selected(ANAKINRA):
        return not_applicable("anakinra is not ordered")
    found = picture.labs.latest("egfr", picture.limits.egfr_within)
    labs = picture.record.completeness_of("labs")
    if found is None or found.value is None:
        return not_evaluated(f"no usable eGFR within 90 days{'' if labs.complete else ': ' + labs.reason}")
    enough = above(found, picture.limits.egfr_below, or_equal=True)
    if enough is False:
        return finding("eGFR below 30", (found.source,), scene.selected(ANAKINRA), egfr=found.value)
    if not labs.complete:
        return not_evaluated(f"laboratory results incomplete: {labs.reason}")
    return clear("eGFR 30 or above") if enough else not_evaluated("eGFR is given as a limit only")


def tocilizumab_weight(scene: Scene) -> Verdict:
    """W1: tocilizumab drafted, and no weight of the last 90 days, or a child below the labelled age of 2."""
    picture = scene.picture
    if not scene.selected(TOCILIZUMAB):
        return not_applicable("tocilizumab is not ordered")
    age = age_in_years(picture.record.birth_date, picture.now)
    if age is not None and age < picture.limits.tocilizumab_min_age:
        return finding("younger than the labelled age", (), scene.selected(TOCILIZUMAB))
    vitals, patient = (picture.record.completeness_of(key) for key in ("vitals", "patient"))
    if not vitals.complete:
        return not_evaluated(f"weight: {vitals.reason or 'vital signs incomplete'}")
    if picture.labs.latest("weight", picture.limits.weight_within) is None:
        return finding("no weight within 90 days", (), scene.selected(TOCILIZUMAB))
    if age is None or not patient.complete:
        return not_evaluated(f"no birth date to rely on: {patient.reason}" if patient.reason else "no birth date")
    return clear("a weight of the last 90 days is on file")


def duffy_null(scene: Scene) -> Verdict:
    """D1: Duffy-null coded, and a base card that rests on a count from 1.0 to below 1.5."""
    coded = scene.picture.conditions("duffy-null")
    resting = [
        each
        for each in scene.base
        if each.row.rests is Rests.COUNT and each.row.code and each.state.anc in (Anc.EXACTLY_1, Anc.ABOVE_1)
    ]
    if not resting:
        return not_applicable("no card rests on a count from 1.0 to below 1.5")
    if coded:
        return finding("Duffy-null is recorded", (each.source for each in coded))
    conditions = scene.picture.record.completeness_of("conditions")
    if not conditions.complete:
        return not_evaluated(f"conditions incomplete: {conditions.reason}")
    return clear("Duffy-null not recorded")


def masked_count(scene: Scene) -> Verdict:
    """G1: a steroid or a recent G-CSF beside a count of 1.5 or more that an answer rests on."""
    picture = scene.picture
    held = picture.anakinra.use is Use.HELD
    if not (held or scene.selected(ANAKINRA, TOCILIZUMAB)) or not scene.rests_on_normal_count:
        return not_applicable("no answer rests on a count of 1.5 or more after a hold or for an order")
    steroids = [order for match in picture.active_in("glucocorticoid") for order in picture.active[match.name]]
    masking = [*steroids, *(each for each in picture.record.medications if _recent_gcsf(each, picture))]
    if masking:
        names = tuple(dict.fromkeys(each.drug.name for each in masking))
        sources = (each.source for each in masking)
        return finding("a drug that raises neutrophils", sources, scene.selected(ANAKINRA, TOCILIZUMAB), list=names)
    completeness = picture.record.completeness_of("medications")
    if not completeness.complete:
        return not_evaluated(f"medication requests incomplete: {completeness.reason}")
    return clear("no active steroid and no G-CSF in the last 14 days")


def _recent_gcsf(medication: Medication, picture: Picture) -> bool:
    if not in_group(medication.drug.name, "g-csf"):
        return False
    interval = interval_of(medication, picture.now)
    if interval is None:
        return False
    open_ended = interval.ended is Ended.OPEN or interval.end is None
    return open_ended or (interval.end is not None and picture.now - interval.end.at <= picture.limits.gcsf_within)


def age_in_years(birth_date: date | None, now: datetime) -> int | None:
    """Completed years; None without a birth date."""
    if birth_date is None:
        return None
    had_birthday = (now.month, now.day) >= (birth_date.month, birth_date.day)
    return now.year - birth_date.year - (not had_birthday)
