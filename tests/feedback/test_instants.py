"""RFC 3339 as clients write it, and what is none."""

from datetime import UTC, datetime

import pytest

from cds_service.feedback.instants import instant

INSTANTS = [
    # written, in UTC
    ("2020-05-13T20:08:46.365Z", datetime(2020, 5, 13, 20, 8, 46, 365_000, UTC)),  # the public sandbox: toISOString()
    ("2021-12-11T10:05:31Z", datetime(2021, 12, 11, 10, 5, 31, 0, UTC)),  # the specification's example
    ("2026-11-22T08:14:00.123456Z", datetime(2026, 11, 22, 8, 14, 0, 123_456, UTC)),  # Python
    ("2026-11-22T08:14:00.1234567899Z", datetime(2026, 11, 22, 8, 14, 0, 123_456, UTC)),  # Java, nanoseconds
    ("2026-11-22T09:14:00+01:00", datetime(2026, 11, 22, 8, 14, 0, 0, UTC)),
    ("2026-11-22T02:44:00-05:30", datetime(2026, 11, 22, 8, 14, 0, 0, UTC)),
    ("2026-11-22T08:14:00-00:00", datetime(2026, 11, 22, 8, 14, 0, 0, UTC)),
    ("2026-11-22t08:14:00z", datetime(2026, 11, 22, 8, 14, 0, 0, UTC)),
    ("2026-11-22 08:14:00+00:00", datetime(2026, 11, 22, 8, 14, 0, 0, UTC)),
    ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, 0, UTC)),  # a leap second
]

NO_INSTANTS = [
    "",
    "now",
    "1605000000",
    "2026-11-22",
    "2026-11-22T08:14:00",  # whose clock?
    "2026-11-22T08:14Z",
    "2026-11-22T08:14:00Z UTC",  # an example in a draft of version 1.1
    "2026-11-22T08:14:00.Z",
    "2026-11-22T08:14:00+0100",
    "2026-11-22T08:14:00+24:00",
    "2026-11-22T08:14:00+01:60",
    "2026-11-22T24:00:00Z",
    "2026-11-22T08:14:61Z",
    "2026-13-01T08:14:00Z",
    "2026-02-30T08:14:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "\u0662026-11-22T08:14:00Z",
    " 2026-11-22T08:14:00Z",
    "22 Nov 2026 08:14:00 GMT",
]


@pytest.mark.parametrize(("written", "read"), INSTANTS)
def test_an_instant_is_read_as_utc(written: str, read: datetime) -> None:
    assert instant(written) == read
    assert instant(written).tzinfo is UTC


@pytest.mark.parametrize("written", NO_INSTANTS)
def test_what_is_no_instant_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instant(written)
