"""One patient's timeline, from a FHIR server or from a patient story: the door for the workbench and the command.

Read with the service's own reader, so that the drawing and the cards rest on the same counts and exposures.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Extent, Record
from cds_service.codes.prefetch_keys import MEDICATIONS, NEUTROPHILS, PATIENT, REQUIRED
from cds_service.errors import CdsError
from cds_service.fhir.chart import UNKNOWN_PATIENT, Orders, SiteTime, read_chart
from cds_service.fhir.gather import gather
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.record import read_record
from cds_service.fhir.read.remarks import remarks_of
from cds_service.hooks.context import Context, bare_id
from cds_service.hooks.prefetch import fill
from cds_service.hooks.services import TEMPLATES
from cds_service.site import Site
from cds_service.stories import Story
from cds_service.timeline.chart import Chart
from cds_service.timeline.compose import chart_of
from cds_service.timeline.look import Look
from cds_service.timeline.svg import svg_of
from cds_service.timeline.table import Row, rows_of

PATIENCE_MS = 20_000
"""A person who asked for a drawing waits longer than an EHR in the middle of an order."""

_ASKED = {key: TEMPLATES[key] for key in (PATIENT, MEDICATIONS, NEUTROPHILS)}
_PLAIN = Look()


class Unreachable(CdsError):  # noqa: N818  (named as a reader of the code would say it)
    """The record could not be read: one message for each search that failed."""

    status = 424
    issue_code = "incomplete"


class Timeline(NamedTuple):
    """The drawing as an SVG document, and the same facts as rows."""

    svg: str
    rows: tuple[Row, ...]


def timeline_of(  # noqa: PLR0913 - whose record, where, when, and how to draw it
    site: Site, base: str, patient: str, *, token: str = "", now: datetime | None = None, look: Look = _PLAIN
) -> Timeline:
    """The timeline of a patient (an id, or "Patient/id") on the FHIR R4 server at ``base``, read now.

    Raises BadRequest for an address or id that is never asked for, Unreachable if the record could not be read.
    """
    chart = chart_at(site, base, patient, token, now or datetime.now(UTC))
    return Timeline(svg_of(chart, look), rows_of(chart))


def chart_at(site: Site, base: str, patient: str, token: str, now: datetime) -> Chart:
    """The chart alone."""
    access = site.way_to(base, token, PATIENCE_MS)
    context = Context("", bare_id(patient, "patient"), "", (), None)
    keys = gather({}, fill(_ASKED, context), site.client, access)
    record = read_chart(Orders(context.patient_id), keys, site.client, access, SiteTime(now, site.settings.zone))
    _require_read(record)
    return _chart(site, record, keys, now)


def chart_of_story(site: Site, story: Story, now: datetime | None = None) -> Chart:
    """The chart of a patient story, at the story's own "today" unless told otherwise. Reads no server."""
    page = msgspec.json.encode(story.bundle)
    keys = {key: KeyData(key, "satisfied", (page,)) for key in REQUIRED}
    at = now or story.today
    return _chart(site, read_record(story.patient_id, keys, now=at, time_zone=site.settings.zone), keys, at)


def _chart(site: Site, record: Record, keys: Mapping[str, KeyData], now: datetime) -> Chart:
    picture = Picture(record, now, site.profile.thresholds)
    remarks = remarks_of(keys[key] for key in REQUIRED)
    return chart_of(picture, remarks, site.profile, site.library.sources, site.settings.zone)


def _require_read(record: Record) -> None:
    """Without the counts or the orders there is nothing to draw, and an empty drawing would look like an answer."""
    missing = []
    for key in REQUIRED:
        had = record.completeness_of(key)
        if had.extent is Extent.UNAVAILABLE or had.reason == UNKNOWN_PATIENT:
            missing.append(f"{key} could not be read from the FHIR server: {had.reason}.")
    if missing:
        raise Unreachable(*dict.fromkeys(missing))
