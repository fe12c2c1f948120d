"""Conditions to facts: the kinds this service knows, active or not, with when they began and were recorded.

https://hl7.org/fhir/R4/condition.html
"""

from cds_service.clinical import record
from cds_service.codes.conditions import kinds_of
from cds_service.fhir.elements import CodeableConcept
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.resources import Condition

_WITHDRAWN = frozenset({"entered-in-error", "refuted"})
_ACTIVE = frozenset({"active", "recurrence", "relapse"})


def condition_of(condition: Condition, source: str, dates: Dates) -> record.Condition | None:
    """The condition, if this service knows it and nobody withdrew it. Without a clinical status it counts as active."""
    concept = condition.code or CodeableConcept()
    codings = concept.coding or ()
    kinds = frozenset[str]().union(*(kinds_of(coding.system, coding.code) for coding in codings))
    if not kinds or _codes(condition.verification_status) & _WITHDRAWN:
        return None
    status = _codes(condition.clinical_status)
    onset = condition.onset_period
    return record.Condition(
        kinds=kinds,
        source=source,
        active=not status or bool(status & _ACTIVE),
        onset=dates.when(condition.onset_date_time or (onset.start if onset else None)),
        recorded=dates.when(condition.recorded_date),
        text=concept.text or next((coding.display for coding in codings if coding.display), ""),
    )


def _codes(concept: CodeableConcept | None) -> frozenset[str]:
    """The codes of a status; by code alone, since many clients leave its system out."""
    return frozenset(coding.code for coding in (concept.coding if concept else None) or () if coding.code)
