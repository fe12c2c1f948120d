"""When a result was taken, and what may tell the age of one without a date."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.fhir.read.sheet import anc, results_of


@pytest.mark.parametrize(
    ("changes", "instant", "is_issued"),
    [
        ({"effectiveDateTime": "2026-11-21T10:00:00+02:00"}, "2026-11-21T08:00:00+00:00", False),
        ({"effectiveDateTime": None, "effectiveInstant": "2026-11-21T08:00:00Z"}, "2026-11-21T08:00:00+00:00", False),
        (
            {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-11-20", "end": "2026-11-21"}},
            "2026-11-21T00:00:00+00:00",
            False,
        ),
        ({"effectiveDateTime": None, "issued": "2026-11-21T08:00:00Z"}, "2026-11-21T08:00:00+00:00", True),
        ({"effectiveDateTime": "2026-11-23T08:00:00Z"}, "2026-11-23T08:00:00+00:00", False),  # within 24 hours
    ],
)
def test_which_date_counts(changes: dict[str, Any], instant: str, is_issued: bool) -> None:
    (result,) = results_of(anc(**changes))
    assert (result.when.at.isoformat(), result.date_is_issued, result.usable) == (instant, is_issued, True)


def test_a_day_is_midnight_at_the_site() -> None:
    (result,) = results_of(anc(effectiveDateTime="2026-11-22"), zone=ZoneInfo("America/New_York"))
    assert (result.when.at.isoformat(), result.when.exact) == ("2026-11-22T05:00:00+00:00", False)


def test_an_undated_result_keeps_what_may_tell_its_age() -> None:
    (result,) = results_of(
        anc(effectiveDateTime="2026", issued="2026-11-22", meta={"lastUpdated": "2026-11-22T01:00:00Z"})
    )
    assert result.when is None
    assert (result.issued.day, result.last_updated.hour) == (22, 1)
