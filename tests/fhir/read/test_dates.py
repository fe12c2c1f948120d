"""Dates as EHRs and laboratories send them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.fhir.read.dates import Dates
from tests.fhir.read.sheet import NOW

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("sent", "instant"),
    [
        ("2026-11-22T08:14:00Z", "2026-11-22T08:14:00+00:00"),
        ("2026-11-22T08:14:00.123Z", "2026-11-22T08:14:00.123000+00:00"),
        ("2026-11-22T08:14:00.123456789Z", "2026-11-22T08:14:00.123456+00:00"),
        ("2026-11-22T03:14:00-05:00", "2026-11-22T08:14:00+00:00"),
        ("2026-11-22T09:14:00+0100", "2026-11-22T08:14:00+00:00"),
        ("2026-11-22T08:14Z", "2026-11-22T08:14:00+00:00"),
        ("2026-11-22t08:14:00z", "2026-11-22T08:14:00+00:00"),
        ("2026-11-22T24:00:00Z", "2026-11-23T00:00:00+00:00"),
        ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00+00:00"),
        ("2026-11-22T23:59:60Z", "2026-11-23T00:00:00+00:00"),
        (" 2026-11-22T08:14:00Z ", "2026-11-22T08:14:00+00:00"),
        ("2026-11-22T09:14:00", "2026-11-22T08:14:00+00:00"),  # no zone: the site's, Berlin
        ("2026-07-22T10:14:00", "2026-07-22T08:14:00+00:00"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00+00:00"),
    ],
)
def test_a_time_is_an_instant_in_utc(sent: str, instant: str) -> None:
    when = Dates(BERLIN, NOW).precise(sent)
    assert when is not None
    assert when.at.isoformat() == instant
    assert when.at.tzinfo is UTC
    assert when.exact


def test_a_day_is_midnight_at_the_site() -> None:
    when = Dates(BERLIN, NOW).precise("2026-11-22")
    assert when is not None
    assert (when.at, when.day.isoformat(), when.exact) == (
        datetime(2026, 11, 21, 23, tzinfo=UTC), "2026-11-22", False
    )  # fmt: skip


def test_a_time_near_midnight_belongs_to_the_day_at_the_site() -> None:
    sent = "2026-11-22T23:30:00Z"
    berlin, utc = Dates(BERLIN, NOW).precise(sent), Dates(ZoneInfo("UTC"), NOW).precise(sent)
    assert berlin is not None
    assert utc is not None
    assert (berlin.day.day, utc.day.day) == (23, 22)


@pytest.mark.parametrize(("sent", "first", "last"), [
    ("2026-11", "2026-11-01", "2026-11-30"),
    ("2026-12", "2026-12-01", "2026-12-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2026", "2026-01-01", "2026-12-31"),
])  # fmt: skip
def test_a_month_or_year_is_too_coarse_for_a_result_but_not_for_an_order(sent: str, first: str, last: str) -> None:
    dates = Dates(UTC, NOW)
    assert dates.precise(sent) is None
    assert dates.problem(sent) == "only the month or year is given"
    begun, ended = dates.when(sent), dates.end(sent)
    assert begun is not None
    assert ended is not None
    assert (begun.day.isoformat(), ended.day.isoformat(), begun.exact) == (first, last, False)


@pytest.mark.parametrize(
    "sent",
    [
        "yesterday", "22.11.2026", "20261122", "2026-W47-7", "2026-11-31", "2026-13-01", "2026-11-22T25:00:00Z",
        "2026-11-22T08:61:00Z", "2026-11-22T08", "2026-11-22T08:14:00+99:00", "0001-01-01T00:00:00Z", "0000",
        "9999-12-31", "9999-12-31T24:00:00Z", "2026-11-22T08:14:00ZZ", "-2026-11-22",
        "\u0662\u0660\u0662\u0666", "20266-11-22", " ",
    ],
)  # fmt: skip
def test_what_is_no_date_is_malformed_and_nothing_worse(sent: str) -> None:
    dates = Dates(UTC, NOW)
    assert dates.precise(sent) is None
    assert dates.when(sent) is None
    assert dates.problem(sent) == "its date is malformed"
    assert dates.malformed == {sent}


def test_a_missing_date_is_none() -> None:
    dates = Dates(UTC, NOW)
    assert dates.when(None) is None
    assert dates.end("") is None
    assert dates.instant(None) is None
    assert not dates.malformed


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", fullmatch=True))
def test_no_text_ever_raises(text: str) -> None:
    dates = Dates(BERLIN, NOW)
    when = dates.when(text)
    assert when is None or 1899 <= when.at.year <= 2201
    assert dates.end(text) is None or when is not None
