"""When a resource was known: when a result was issued, an order written, a condition recorded.

A date without a time begins at 00:00 in the site's zone, a month or a year with its first day.
"""

from datetime import UTC, datetime, tzinfo

import msgspec

from cds_service.fhir.elements import Element, Period
from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.fhir.read.dates import Dates

_LATEST = datetime(2199, 1, 1, tzinfo=UTC)


class _Dated(Element):
    issued: str | None = None
    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    authored_on: str | None = None
    recorded_date: str | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None


_DATED = msgspec.json.Decoder(_Dated)


def dates_of(zone: tzinfo) -> Dates:
    """A reader of dates that takes none for one in the future: what lies ahead of a moment is asked each time."""
    return Dates(zone, _LATEST)


def known_at(kind: str, line: bytes, dates: Dates) -> datetime | None:
    """From when on a resource was known; None where it has no date for that, or none that can be read.

    A result is known when it was issued, and not before the specimen was taken; a condition without a recorded date
    not before its onset.
    """
    try:
        dated = _DATED.decode(line)
    except UNREADABLE:
        return None
    if kind == "Observation":
        period = dated.effective_period or Period()
        taken = dated.effective_date_time or dated.effective_instant or period.end or period.start
        return _later(dates, dated.issued, taken)
    if kind == "Condition":
        onset = dated.onset_period.start if dated.onset_period else None
        return _later(dates, dated.recorded_date or dated.onset_date_time or onset)
    return _later(dates, dated.authored_on)


def _later(dates: Dates, *texts: str | None) -> datetime | None:
    known = [when.at for text in texts if (when := dates.when(text)) is not None]
    return max(known, default=None)
