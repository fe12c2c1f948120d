"""One patient outside a hook call, from a FHIR server or from a patient story: for the timeline and for causality.

Read with the service's own reader, so that what is drawn and judged rests on the same facts as the cards.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Extent, Record
from cds_service.codes.prefetch_keys import ALL, REQUIRED
from cds_service.errors import CdsError
from cds_service.fhir.chart import UNKNOWN_PATIENT, Orders, SiteTime, look_again, read_chart
from cds_service.fhir.gather import gather
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.record import read_record
from cds_service.fhir.read.remarks import Remark, remarks_of
from cds_service.hooks.context import Context, bare_id
from cds_service.hooks.prefetch import fill
from cds_service.hooks.services import TEMPLATES
from cds_service.site import Site
from cds_service.stories import Story

PATIENCE_MS = 20_000
"""A person who asked waits longer than an EHR in the middle of an order."""


class Unreachable(CdsError):  # noqa: N818  (named as a reader of the code would say it)
    """The record could not be read: one message for each search that failed.

    ``keys``: how each search ended, for the audit.
    """

    status = 424
    issue_code = "incomplete"

    def __init__(self, messages: Iterable[str], keys: Mapping[str, KeyData]) -> None:
        super().__init__(*messages)
        self.keys = keys


class Patient(NamedTuple):
    """Everything on file at one instant, and what its notes say of how sure each fact is, by resource.

    ``keys``: what was read, and how complete it came.
    """

    picture: Picture
    remarks: Mapping[str, Remark]
    keys: Mapping[str, KeyData] = {}


class Whereabouts(NamedTuple):
    """Whose record, and where: ``base`` is a FHIR R4 server, ``id`` "pat1" or "Patient/pat1"."""

    base: str
    id: str
    token: str = ""


def read_patient(
    site: Site, at: Whereabouts, now: datetime, asked: Collection[str] = ALL, milliseconds: int = PATIENCE_MS
) -> Patient:
    """The patient as the server has them now; nothing but the prefetch keys ``asked`` is asked for.

    Under the terms of ``site``: whoever asks for a client hands over the site as that client has it. Raises BadRequest
    for an address or id that is never asked for, Unreachable if the record could not be read.
    """
    access = site.way_to(at.base, at.token, milliseconds)
    context = Context("", bare_id(at.id, "patient"), "", (), None)
    keys = gather({}, fill({key: TEMPLATES[key] for key in asked}, context), site.client, access)
    record = read_chart(Orders(context.patient_id), keys, site.client, access, SiteTime(now, site.settings.zone))
    record = look_again(record, keys, asked)
    _require_read(record, keys)
    return _patient(site, record, keys, now)


def read_story(site: Site, story: Story, now: datetime | None = None) -> Patient:
    """The patient of a story, at the story's own "today" unless told otherwise. Asks no server."""
    page = msgspec.json.encode(story.bundle)
    keys = {key: KeyData(key, "satisfied", (page,)) for key in TEMPLATES}
    at = now or story.today
    return _patient(site, read_record(story.patient_id, keys, now=at, time_zone=site.settings.zone), keys, at)


def _patient(site: Site, record: Record, keys: Mapping[str, KeyData], now: datetime) -> Patient:
    picture = Picture(record, now, site.profile.thresholds)
    return Patient(picture, remarks_of(keys[key] for key in REQUIRED), keys)


def _require_read(record: Record, keys: Mapping[str, KeyData]) -> None:
    """Without the counts or the orders there is nothing to show, and an empty answer would look like a finding."""
    missing = []
    for key in REQUIRED:
        had = record.completeness_of(key)
        if had.extent is Extent.UNAVAILABLE or had.reason == UNKNOWN_PATIENT:
            missing.append(f"{key} could not be read from the FHIR server: {had.reason}.")
    if missing:
        raise Unreachable(dict.fromkeys(missing), keys)
