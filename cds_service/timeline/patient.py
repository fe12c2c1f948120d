"""One patient's timeline, from a FHIR server or from a patient story: the door for the workbench and the command."""

from datetime import UTC, datetime
from typing import NamedTuple

from cds_service.codes.prefetch_keys import MEDICATIONS, NEUTROPHILS, PATIENT
from cds_service.patient import Patient, Whereabouts, read_patient, read_story
from cds_service.site import Site
from cds_service.stories import Story
from cds_service.timeline.chart import Chart
from cds_service.timeline.compose import chart_of
from cds_service.timeline.look import Look
from cds_service.timeline.svg import svg_of
from cds_service.timeline.table import Row, rows_of

_DRAWN = (PATIENT, MEDICATIONS, NEUTROPHILS)
_PLAIN = Look()


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
    chart = chart_at(site, Whereabouts(base, patient, token), now or datetime.now(UTC))
    return Timeline(svg_of(chart, look), rows_of(chart))


def chart_at(site: Site, at: Whereabouts, now: datetime) -> Chart:
    """The chart alone."""
    return _chart(site, read_patient(site, at, now, _DRAWN))


def chart_of_story(site: Site, story: Story, now: datetime | None = None) -> Chart:
    """The chart of a patient story, at the story's own "today" unless told otherwise. Reads no server."""
    return _chart(site, read_story(site, story, now))


def _chart(site: Site, patient: Patient) -> Chart:
    return chart_of(patient.picture, patient.remarks, site.profile, site.library.sources, site.settings.zone)
