"""One patient as a FHIR server has them, outside a hook call: for the timeline, causality, a preview.

The same gathering and reading as a hook call does, and so the same facts.
"""

from datetime import datetime

from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Extent, Record
from cds_service.codes.prefetch_keys import REQUIRED
from cds_service.errors import PreconditionFailed
from cds_service.fhir.access import Access
from cds_service.fhir.chart import UNKNOWN_PATIENT, Orders, SiteTime, read_chart
from cds_service.fhir.gather import gather
from cds_service.hooks.context import Context, bare_patient_id
from cds_service.hooks.prefetch import fill
from cds_service.hooks.services import TEMPLATES
from cds_service.site import Site


def picture_of(patient: str, access: Access, site: Site, now: datetime) -> Picture:
    """Everything on file about ``patient`` ("pat1" or "Patient/pat1").

    Raises BadRequest for an id that is none, PreconditionFailed if counts or medications could not be had at all.
    """
    context = Context("", bare_patient_id(patient), "", (), None)
    keys = gather({}, fill(TEMPLATES, context), site.client, access)
    time = SiteTime(now, site.settings.zone)
    record = read_chart(Orders(context.patient_id), keys, site.client, access, time)
    _require_read(record)
    return Picture(record, now, site.profile.thresholds)


def _require_read(record: Record) -> None:
    for key in REQUIRED:
        found = record.completeness_of(key)
        if found.extent is Extent.UNAVAILABLE or found.reason == UNKNOWN_PATIENT:
            raise PreconditionFailed(f"{key} could not be read: {found.reason}. Check the FHIR server and the patient.")
