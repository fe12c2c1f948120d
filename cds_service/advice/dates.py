"""Days, times and ages as a clinician reads them, in the site's time zone. English month names, whatever the locale."""

from datetime import date, datetime, timedelta, tzinfo

from cds_service.clinical.record import When

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOUR, _TWO_DAYS = timedelta(hours=1), timedelta(hours=48)
_IN_DAYS = 90
"""Up to this many days an age is given in days, then in months."""


def day(when: When) -> str:
    """ "20 Nov 2026"; the calendar day at the site, which a ``When`` carries."""
    return date_text(when.day)


def short_day(when: When, today: date) -> str:
    """ "20 Nov", with the year unless it is this one."""
    at = when.day
    return f"{at.day} {MONTHS[at.month - 1]}" if at.year == today.year else date_text(at)


def moment(when: When, zone: tzinfo) -> str:
    """ "20 Nov 2026 08:10"; only the day where the record gives no more."""
    return instant(when.at, zone) if when.exact else date_text(when.day)


def instant(at: datetime, zone: tzinfo) -> str:
    """ "20 Nov 2026 08:10"."""
    local = at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} {local.hour:02}:{local.minute:02}"


def date_text(at: date) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def ago(when: When, zone: tzinfo, now: datetime) -> str:
    """How old: "3 hours ago", "2 days ago", "yesterday", "about 5 months ago"."""
    if not when.exact:
        return _days_ago((now.astimezone(zone).date() - when.day).days)
    age = now - when.at
    if age < -timedelta(minutes=1):
        return "dated ahead of now"
    if age < _HOUR:
        return "within the last hour"
    if age < _TWO_DAYS:
        return _many(int(age / _HOUR), "hour") + " ago"
    return _days_ago(age.days)


def _days_ago(days: int) -> str:
    if days < 0:
        return "dated ahead of now"
    if days <= 1:
        return ("today", "yesterday")[days]
    return f"{days} days ago" if days <= _IN_DAYS else f"about {_many(round(days / 30.44), 'month')} ago"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
