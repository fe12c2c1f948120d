"""Comparing points in time: by the clock where both have one, by the calendar where either is a bare date."""

from datetime import timedelta

from cds_service.clinical.record import When


def later(one: When, other: When) -> bool:
    """Whether ``one`` is known to be later."""
    if one.exact and other.exact:
        return one.at > other.at
    return one.day > other.day


def at_most_days_later(one: When, other: When, days: int) -> bool:
    """Whether ``one`` is at most so many days after ``other`` (or before it)."""
    if one.exact and other.exact:
        return one.at - other.at <= timedelta(days=days)
    return (one.day - other.day).days <= days


def at_least_days_later(one: When, other: When, days: int) -> bool:
    if one.exact and other.exact:
        return one.at - other.at >= timedelta(days=days)
    return (one.day - other.day).days >= days
