"""Medication requests, administrations and statements to facts: which of them can count, and what they say.

Exposure intervals are made of these elsewhere (``clinical.exposure``). Source: clinical specification 0.3, section 3;
https://hl7.org/fhir/R4/medicationrequest.html
"""

from collections.abc import Iterable
from datetime import datetime

from cds_service.clinical.record import Dose, DrugMatch, Kind, Medication, When
from cds_service.codes.conditions import kinds_of, names_neutropenia
from cds_service.codes.systems import STATUS_CHANGED
from cds_service.fhir.elements import CodeableConcept, Dosage, Period
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.read.numbers import number_of
from cds_service.fhir.resources import (
    MedicationAdministration,
    MedicationRequest,
    MedicationStatement,
    OfMedication,
)

_ORDERS = frozenset({"order", "original-order", "reflex-order", "instance-order"})
_REQUEST_STATUSES = frozenset({"active", "on-hold", "stopped", "completed"})
_GIVEN = frozenset({"completed", "in-progress"})
# https://hl7.org/fhir/R4/valueset-medicationrequest-status.html, medication-admin-status, medication-statement-status;
# "ended" is what R5 added.
_STATUSES = _REQUEST_STATUSES | _GIVEN | {"cancelled", "entered-in-error", "draft", "unknown", "ended"}
_STATUSES |= {"not-done", "intended", "not-taken"}
_INTENTS = _ORDERS | {"proposal", "plan", "filler-order", "option"}
_NEUTROPENIA = frozenset({"neutropenia", "febrile-neutropenia"})


def can_count(resource: OfMedication) -> bool:
    """Whether intent and status let a resource speak of an exposure."""
    if isinstance(resource, MedicationRequest):
        return _is_order(resource) and resource.status in _REQUEST_STATUSES and not resource.do_not_perform
    if isinstance(resource, MedicationAdministration):
        return resource.status in _GIVEN
    return resource.status == "active"


def _is_order(request: MedicationRequest) -> bool:
    """An order; or a plan that reports what the patient already takes (US Core asks for that form)."""
    reported = request.reported_boolean or request.reported_reference is not None
    return request.intent in _ORDERS or (request.intent == "plan" and bool(reported))


def is_malformed(resource: OfMedication) -> bool:
    """Whether nobody can tell if it counts: for its status, or a request's intent, none that FHIR has was sent."""
    return resource.status not in _STATUSES or (
        isinstance(resource, MedicationRequest) and resource.intent not in _INTENTS
    )


def why_undated(medication: Medication, dates: Dates) -> str:
    """Why the time it speaks of cannot be believed; "" if it can, as that of an order without a date can."""
    if medication.kind is Kind.ADMINISTRATION and medication.bounds_start is None:
        return "{n} dose{s} given without a date that can be read"
    begun = medication.bounds_start if medication.kind is Kind.ADMINISTRATION else medication.authored
    return "{n} order{s} or dose{s} dated in the future" if begun and begun.at > dates.latest else ""


def medication_of(
    resource: MedicationRequest | MedicationAdministration | MedicationStatement,
    drug: DrugMatch,
    source: str,
    dates: Dates,
    original: bytes = b"",
) -> Medication:
    """The facts of one resource that can count; ``original`` is its JSON byte for byte.

    Of an administration ``bounds_start`` is when it was given; of a statement the bounds are its effective period.
    """
    if isinstance(resource, MedicationRequest):
        return _request(resource, drug, source, dates, original)
    period = resource.effective_period or Period()
    return Medication(
        drug=drug,
        source=source,
        kind=Kind.STATEMENT if isinstance(resource, MedicationStatement) else Kind.ADMINISTRATION,
        status=resource.status or "",
        bounds_start=dates.when(resource.effective_date_time or period.start),
        bounds_end=dates.end(period.end),
        last_updated=_last_updated(resource, dates),
        original=original,
    )


def _last_updated(resource: OfMedication, dates: Dates) -> When | None:
    return dates.when(resource.meta.last_updated) if resource.meta else None


def _request(request: MedicationRequest, drug: DrugMatch, source: str, dates: Dates, original: bytes) -> Medication:
    dosages = request.dosage_instruction or []
    start, end = _bounds(dosages, dates)
    dispense = request.dispense_request
    valid = dispense.validity_period if dispense else None
    return Medication(
        drug=drug,
        source=source,
        status=request.status or "",
        authored=dates.when(request.authored_on),
        bounds_start=start,
        bounds_end=end,
        validity_end=dates.end(valid.end) if valid else None,
        status_changed=_status_changed(request, dates),
        last_updated=_last_updated(request, dates),
        has_reason=_says_anything(request.status_reason),
        reason_neutropenia=_names_neutropenia(request.status_reason),
        dose=_dose(dosages),
        original=original,
    )


def _bounds(dosages: Iterable[Dosage], dates: Dates) -> tuple[When | None, When | None]:
    """From the earliest start to the latest end of all its dosages (a taper has several); open if any is open."""
    starts, ends, is_open = [], [], False
    for dosage in dosages:
        repeat = dosage.timing.repeat if dosage.timing else None
        period = repeat.bounds_period if repeat else None
        start, end = (dates.when(period.start), dates.end(period.end)) if period else (None, None)
        starts += [start] if start else []
        ends += [end] if end else []
        is_open = is_open or end is None
    return min(starts, key=_instant, default=None), None if is_open else max(ends, key=_instant, default=None)


def _instant(when: When) -> datetime:
    return when.at


def _status_changed(request: MedicationRequest, dates: Dates) -> When | None:
    for extension in request.extension or ():
        if extension.url == STATUS_CHANGED:
            return dates.when(extension.value_date_time)
    return None


def _says_anything(reason: CodeableConcept | None) -> bool:
    return reason is not None and bool(reason.text or any(c.code or c.display for c in reason.coding or ()))


def _names_neutropenia(reason: CodeableConcept | None) -> bool:
    if reason is None:
        return False
    codings = reason.coding or ()
    if any(kinds_of(coding.system, coding.code) & _NEUTROPENIA for coding in codings):
        return True
    return any(names_neutropenia(text) for text in (reason.text, *(c.display for c in codings)) if text)


def _dose(dosages: list[Dosage]) -> Dose | None:
    """The first structured dose, as ordered; a rate, a range or free text is none."""
    given = (each.dose_quantity for dosage in dosages for each in dosage.dose_and_rate or ())
    quantity = next((each for each in given if each is not None), None)
    if quantity is None:
        return None
    value, unit = number_of(quantity.value), quantity.code or quantity.unit
    if value is None or not unit or value <= 0 or abs(value.adjusted()) > 9:
        return None
    return Dose(value, unit)
