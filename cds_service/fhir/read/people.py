"""The patient: of the resource, only the birth date is used.

https://hl7.org/fhir/R4/patient.html
"""

from datetime import date

import msgspec

from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.bundles import UNREADABLE, Json, raw_entries
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.read.ledger import Ledger
from cds_service.fhir.read.references import Subject
from cds_service.fhir.resources import Patient

_PATIENT = msgspec.json.Decoder(Patient)


def birth_date(data: KeyData, subject: Subject, dates: Dates, ledger: Ledger) -> date | None:
    """The birth date, if the resource is this patient's. A year or month alone stands for its last day: the youngest
    the patient can be, which is the careful side for every limit of age.
    """
    for page in data.pages:
        for patient in _patients(page, ledger):
            if patient.id is not None and patient.id != subject.id:
                ledger.foreign += 1
                continue
            if not patient.birth_date:
                ledger.note("no birth date")
                return None
            when = dates.end(patient.birth_date)
            if when is None:
                ledger.note("the birth date is malformed")
            return when.day if when else None
    return None


def _patients(page: Json, ledger: Ledger) -> list[Patient]:
    """The Patient itself, or (a search instead of a read) those of a Bundle."""
    try:
        patient = _PATIENT.decode(page)
        ledger.pages_read += 1
        if patient.resource_type == "Patient":
            return [patient]
        inside = [_PATIENT.decode(entry.resource) for entry in raw_entries(page) if bytes(entry.resource)]
    except UNREADABLE:
        ledger.pages_lost += 1
        return []
    return [patient for patient in inside if patient.resource_type == "Patient"]
