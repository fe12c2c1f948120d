"""Facts of the clinical core as JSON members: a count, an interval of exposure, a date, each with its resources."""

from typing import Any

from cds_service.clinical.intervals import Interval
from cds_service.clinical.record import When
from cds_service.clinical.series import Count
from cds_service.hooks.response import present


def count_json(count: Count) -> dict[str, Any]:
    return present(
        value=count.value,
        comparator=count.comparator,
        unit="10*9/L",
        date=date_json(count.when),
        how=count.how,
        sources=list(count.sources),
        differing=list(count.rivals),
    )


def interval_json(interval: Interval) -> dict[str, Any]:
    return present(
        start=date_json(interval.start) if interval.start else None,
        end=date_json(interval.end) if interval.end else None,
        ended=str(interval.ended),
        approximate=interval.start_approximate or interval.end_approximate,
        sources=[order.source for order in interval.orders],
        recognisedBy=sorted({f"{order.drug.matched}: {order.drug.by}" for order in interval.orders}),
    )


def date_json(when: When) -> str:
    """ISO 8601; a calendar date where the record gives no time."""
    return when.at.isoformat() if when.exact else when.day.isoformat()
