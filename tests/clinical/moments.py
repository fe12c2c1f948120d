"""Points in time as the tables write them, all relative to one fixed present.

- ``day -5``: that calendar date, without a time of day
- ``day -5 09:30``: that date at that time (UTC)
- ``2 h ago``, ``180 d 1 min ago``, ``30 min ahead``, ``now``: an instant
"""

import re
from datetime import UTC, datetime, timedelta

from cds_service.clinical.record import When

NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)

_DAY = re.compile(r"day ([+-]?\d+)(?: (\d\d):(\d\d))?")
_SPAN = re.compile(r"(?:(\d+) d)? ?(?:(\d+) h)? ?(?:(\d+) min)? (ago|ahead)")
PATTERN = r"(?:now|day [+-]?\d+(?: \d\d:\d\d)?|(?:\d+ (?:d|h|min) )+(?:ago|ahead))"
"""A moment inside another pattern."""


def when(text: str) -> When:
    """The moment that ``text`` names."""
    if text == "now":
        return instant(NOW)
    if match := _DAY.fullmatch(text):
        day = NOW.date() + timedelta(days=int(match[1]))
        at = datetime(day.year, day.month, day.day, int(match[2] or 0), int(match[3] or 0), tzinfo=UTC)
        return When(at, day, exact=match[2] is not None)
    match = _SPAN.fullmatch(text)
    assert match, f'not a moment: "{text}"'
    span = timedelta(days=int(match[1] or 0), hours=int(match[2] or 0), minutes=int(match[3] or 0))
    return instant(NOW - span if match[4] == "ago" else NOW + span)


def instant(at: datetime) -> When:
    """An exact moment (UTC)."""
    return When(at, at.date())
