"""When there is too little data for any answer: HTTP 412, naming each prefetch key.

https://cds-hooks.hl7.org/2.0/#prefetch-template. To a clinician a 412 usually looks like "all clear", so it is kept for
calls where not even "could not be assessed" can be said about a drug.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cds_service.clinical.picture import ANAKINRA, TOCILIZUMAB
from cds_service.clinical.record import Extent, Record
from cds_service.clinical.scene import Hook
from cds_service.codes.prefetch_keys import MEDICATIONS, REQUIRED
from cds_service.errors import PreconditionFailed
from cds_service.fhir.chart import UNKNOWN_PATIENT
from cds_service.fhir.keydata import KeyData

ONLY_R4 = " This service reads FHIR R4 only."


class NotEnough(PreconditionFailed):
    """``keys``: how each prefetch key came, and how complete it was when read, for the audit."""

    def __init__(self, messages: Iterable[str], keys: Mapping[str, KeyData]) -> None:
        super().__init__(*messages)
        self.keys = keys


def require_enough(hook: Hook, record: Record, keys: Mapping[str, KeyData]) -> None:
    """Raises NotEnough with one message for each key that is missing."""
    if missing := [*_absent(keys), *_unknown_drugs(hook, record, keys)]:
        as_read = {
            key: replace(data, completeness=record.completeness.get(key, data.completeness))
            for key, data in keys.items()
        }
        raise NotEnough(dict.fromkeys(missing), as_read)


def _absent(keys: Mapping[str, KeyData]) -> Iterator[str]:
    for key in REQUIRED:
        if keys[key].state == "absent":
            yield f"prefetch.{key} is missing: send it, or a fhirServer to ask ({keys[key].completeness.reason})."


def _unknown_drugs(hook: Hook, record: Record, keys: Mapping[str, KeyData]) -> Iterator[str]:
    """On a chart nobody can tell what to look for without the medication requests."""
    medications = record.completeness_of(MEDICATIONS)
    if hook is not Hook.VIEW or medications.extent is Extent.COMPLETE or keys[MEDICATIONS].state == "absent":
        return
    seen = any(each.drug.name in (ANAKINRA, TOCILIZUMAB) for each in record.medications)
    if medications.extent is Extent.UNAVAILABLE or not seen:
        how = "unavailable" if medications.extent is Extent.UNAVAILABLE else "incomplete"
        remedy = _remedy(keys[MEDICATIONS], medications.reason)
        yield f"prefetch.{MEDICATIONS} is {how} ({medications.reason}): {remedy}"


def _remedy(data: KeyData, reason: str) -> str:
    """What the sender can do about it."""
    if data.state in ("outcome", "unusable", "paged"):
        return "send the whole search result, or leave the key out, and fhirServer is asked."
    if reason == UNKNOWN_PATIENT:
        return "check context.patientId and fhirServer."
    if any(f"HTTP {status}" in reason for status in (401, 403)):
        return "send a fhirAuthorization that allows the search, or send the key."
    wrong_version = any(f"HTTP {status}" in reason for status in (400, 404, 406, 410, 415))
    return f"let fhirServer answer the search, or send the key.{ONLY_R4 if wrong_version else ''}"
