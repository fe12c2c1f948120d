"""The chart for one call: medications that were only referred to are read, then all of it becomes facts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

import msgspec

from cds_service.clinical.record import Completeness, Draft, Extent, Record
from cds_service.codes.prefetch_keys import ALL, PATIENT, REQUIRED
from cds_service.fhir.access import Access
from cds_service.fhir.client import FhirClient
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.drafts import read_drafts
from cds_service.fhir.read.identity import Medications, decode_medication
from cds_service.fhir.read.ledger import listed
from cds_service.fhir.read.record import read_record
from cds_service.fhir.read.repeated_names import repeating_resources, repeats_a_name
from cds_service.fhir.read.shelf import unresolved_references
from cds_service.fhir.references import read_many


class SiteTime(NamedTuple):
    """The time of the call, the zone in which a date without a time begins, and how far back results matter."""

    now: datetime
    zone: tzinfo
    look_back: timedelta | None = None


class Orders(NamedTuple):
    """The orders of the session as sent: the raw Bundle (None on patient-view) and which of them are selected.

    ``selections`` is None for a hook without them: then all are.
    """

    patient_id: str
    bundle: msgspec.Raw | None = None
    selections: tuple[str, ...] | None = None

    def drafts(self, keys: Mapping[str, KeyData] | None = None, read: Medications | None = None) -> tuple[Draft, ...]:
        """Each order with its drug, as far as the Bundle, ``keys`` and Medications that were read can tell."""
        return read_drafts(self.bundle, self.selections, self.patient_id, keys=keys, extra_medications=read)


UNKNOWN_PATIENT = "the FHIR server knows no Patient of this id"


def _doubted(keys: Mapping[str, KeyData]) -> Mapping[str, KeyData]:
    """Empty searches for a patient whom the server does not have are no empty chart: a wrong id, or a wrong server."""
    patient = keys[PATIENT]
    if patient.state != "failed" or not any(gone in patient.completeness.reason for gone in ("HTTP 404", "HTTP 410")):
        return keys
    doubt = Completeness(Extent.PARTIAL, UNKNOWN_PATIENT)
    empty = [key for key in REQUIRED if keys[key].completeness.complete and not keys[key].pages]
    return {**keys, **{key: replace(keys[key], completeness=doubt) for key in empty}}


def look_again(record: Record, keys: Mapping[str, KeyData], names: Iterable[str] = ALL) -> Record:
    """The record, incomplete in each key of ``names`` of which a resource has a name twice; the same one if none has.

    Such a resource says one thing and, to a reader who keeps the last, another. Looking for it costs as much as reading
    did, so it is done only before something is said that rests on nothing being hidden, in the keys it was read from.
    """
    doubts = {
        key: record.completeness_of(key).with_doubt(f"a name occurs twice in {listed(found)}")
        for key in names
        if (found := tuple(repeating_resources(keys[key])))
    }
    return replace(record, completeness={**record.completeness, **doubts}) if doubts else record


def read_chart(
    orders: Orders, keys: Mapping[str, KeyData], client: FhirClient, access: Access | None, site_time: SiteTime
) -> Record:
    """The record of the patient and of the orders. What cannot be read in time is named in its completeness."""
    keys = _doubted(keys)
    answers = read_many(unresolved_references(keys, orders.bundle), client, access)
    medications = {
        reference: medication
        for reference, answer in answers.items()
        if answer.body is not None
        and not repeats_a_name(answer.body)
        and (medication := decode_medication(answer.body)) is not None
    }
    record = read_record(
        orders.patient_id,
        keys,
        orders.drafts(keys, medications),
        now=site_time.now,
        time_zone=site_time.zone,
        extra_medications=medications,
        look_back=site_time.look_back,
    )
    unread = dict.fromkeys(f"medication not read: {each.reason}" for each in answers.values() if each.body is None)
    return replace(record, notes=(*record.notes, *unread)) if unread else record
