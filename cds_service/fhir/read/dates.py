"""FHIR dates and times as instants, with what precision they came. Nothing here raises.

https://hl7.org/fhir/R4/datatypes.html#dateTime: a year, a month, a day, or a time with its zone. Tolerated beyond
it, since laboratories send them: no seconds, no zone (then the site's), 24:00, a leap second, a comma.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from cds_service.clinical.record import When

_SHAPE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)([.,]\d{1,12})?)?\s?([Zz]|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)
_EARLIEST, _LATEST = 1900, 2200
"""Years beyond these are slips of the keyboard, and arithmetic on them could overflow."""


TOO_FAR_AHEAD = timedelta(hours=24)
"""A result dated later than this from now is not believed."""


class Dates:
    """Reads the dates of one record, each spelling once: all results of one specimen share theirs, and their issue."""

    def __init__(self, zone: tzinfo, now: datetime) -> None:
        """``zone`` is the site's: it places days, and times that came without a zone."""
        self.zone = zone
        self.latest = now + TOO_FAR_AHEAD
        self.malformed: set[str] = set()
        self._is_utc = str(zone) in ("UTC", "Etc/UTC")
        self._precise: dict[str, When] = {}
        self._coarse: dict[str, When] = {}
        self._instants: dict[str, datetime | None] = {}

    def precise(self, text: str) -> When | None:
        """A time or a day; None for a month, a year, or what is no date (``problem`` tells which)."""
        return self._precise.get(text) or self._learn(text)

    def problem(self, text: str) -> str:
        """Why ``precise`` found nothing, in plain words."""
        return "only the month or year is given" if text in self._coarse else "its date is malformed"

    def when(self, text: str | None) -> When | None:
        """The point in time, a month or year standing for its first day; None if missing or malformed."""
        if not text:
            return None
        return self.precise(text) or self._coarse.get(text)

    def end(self, text: str | None) -> When | None:
        """The end of a period: a month or year lasts to its end (https://hl7.org/fhir/R4/datatypes.html#Period)."""
        when = self.when(text)
        if when is None or text not in self._coarse:
            return when
        year, month = when.day.year, when.day.month if "-" in text else 12
        return self._at_midnight(date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1))

    def instant(self, text: str | None) -> datetime | None:
        """The instant alone, in UTC: of times with a zone read straight away."""
        if not text:
            return None
        if text in self._instants:
            return self._instants[text]
        at = _moment(text)
        if at is None:
            when = self.when(text)
            at = when.at if when else None
        self._instants[text] = at
        return at

    def _learn(self, text: str) -> When | None:
        """Reads a spelling for the first time."""
        at = _moment(text)
        if at is not None:
            when = self._precise[text] = When(at, at.date() if self._is_utc else at.astimezone(self.zone).date())
            return when
        if text in self._coarse or text in self.malformed:
            return None
        try:
            when, coarse = self._parse(text)
        except (ValueError, OverflowError):
            self.malformed.add(text)
            return None
        if not _EARLIEST <= when.day.year <= _LATEST:
            self.malformed.add(text)
        elif coarse:
            self._coarse[text] = when
        else:
            self._precise[text] = when
            return when
        return None

    def _parse(self, text: str) -> tuple[When, bool]:
        """The point in time, and whether only its month or year is given. Raises ValueError, OverflowError."""
        match = _SHAPE.fullmatch(text.strip())
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second, fraction, offset = match.groups()
        if hour is None:
            return self._at_midnight(date(int(year), int(month or 1), int(day or 1))), day is None
        if int(hour) > 24 or int(minute) > 59 or int(second or 0) > 60:
            raise ValueError
        midnight = datetime.fromisoformat(f"{year}-{month}-{day}T00:00:00{(offset or '').upper()}")
        seconds = int(second or 0) + float("0" + (fraction or ".0").replace(",", "."))
        return self._exact(midnight + timedelta(hours=int(hour), minutes=int(minute), seconds=seconds)), False

    def _exact(self, moment: datetime) -> When:
        at = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        return When(at, at.astimezone(self.zone).date())

    def _at_midnight(self, day: date) -> When:
        at = datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)
        return When(at, day, exact=False)


def _moment(text: str) -> datetime | None:
    """The instant of the usual spelling ("2026-11-22T08:14:00Z", with any offset); None for every other."""
    if len(text) < len("2026-11-22T08:14:00Z") or text[10] != "T" or not text[4] == text[7] == "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or not _EARLIEST < moment.year < _LATEST:
            return None
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except ValueError:
        return None  # 24:00, a leap second: read piece by piece
