"""One version of each resource: the same one may come on two pages, under two keys, or corrected.

The later ``lastUpdated`` wins, then the higher ``versionId``, else the first. https://hl7.org/fhir/R4/resource.html#Meta
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import TypeVar

from cds_service.fhir.read.bundles import Hit
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.resources import Condition, Observation, Resource, Tagged

Content = TypeVar("Content", bound=Condition | Observation | Tagged)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def choose(hits: Iterable[Hit[Content]], dates: Dates) -> Collection[Hit[Content]]:
    """Each resource once, in the order first seen. What has neither id nor fullUrl cannot be compared."""
    chosen: dict[str, Hit[Content]] = {}
    for hit in hits:
        known = chosen.setdefault(hit.source, hit)
        if known is not hit and _version(hit.resource, dates) > _version(known.resource, dates):
            chosen[hit.source] = hit
    return chosen.values()


def _version(resource: Resource, dates: Dates) -> tuple[datetime, int]:
    meta = resource.meta
    if meta is None:
        return _LONG_AGO, 0
    number = meta.version_id or ""
    known = number.isascii() and number.isdigit() and len(number) <= 9
    return dates.instant(meta.last_updated) or _LONG_AGO, int(number) if known else 0
