"""Instants as RFC 3339 writes them (https://datatracker.ietf.org/doc/html/rfc3339#section-5.6), read as UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone

# "T" and "Z" may be small, and a space may stand for "T": all three are in section 5.6.
_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
_MICROSECOND_DIGITS = 6
_LEAP_SECOND = 60


def instant(text: str) -> datetime:
    """The instant in UTC, to the microsecond. Raises ValueError without a time zone, or if there is no such instant."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise ValueError("no RFC 3339 instant")
    *date_and_time, fraction, sign, hours, minutes = found.groups()
    year, month, day, hour, minute, second = map(int, date_and_time)
    microsecond = int((fraction or "")[:_MICROSECOND_DIGITS].ljust(_MICROSECOND_DIGITS, "0"))
    whole = 59 if second == _LEAP_SECOND else second
    zone = _zone(sign, hours, minutes)
    try:
        return datetime(year, month, day, hour, minute, whole, microsecond, zone).astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None


def _zone(sign: str | None, hours: str, minutes: str) -> timezone:
    if sign is None:
        return UTC
    if int(minutes) >= 60:
        raise ValueError("no such offset")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)
