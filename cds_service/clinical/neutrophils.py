"""What the latest neutrophil count says, and the trend of the last two. ANC in 10*9/L throughout.

Bins: those of the tocilizumab label (0.5, 1.0, 2.0) and of the European anakinra label and source S2 (1.5).
Source: clinical specification 0.3, section 3.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from cds_service.clinical.record import Result
from cds_service.clinical.series import Count
from cds_service.clinical.thresholds import Thresholds


class Anc(StrEnum):
    """What is known of the latest count. Bins are half-open; 1.0 has one of its own, since labels differ on it."""

    NONE = "none"
    UNINTERPRETABLE = "uninterpretable"
    STALE = "stale"
    FROM_2 = ">=2.0"
    FROM_1_5 = "[1.5,2.0)"
    ABOVE_1 = "(1.0,1.5)"
    EXACTLY_1 = "1.0"
    FROM_0_5 = "[0.5,1.0)"
    BELOW_0_5 = "<0.5"


NORMAL = frozenset({Anc.FROM_2, Anc.FROM_1_5})
LOW = frozenset({Anc.ABOVE_1, Anc.EXACTLY_1, Anc.FROM_0_5, Anc.BELOW_0_5})
BELOW_1 = frozenset({Anc.FROM_0_5, Anc.BELOW_0_5})


class Trend(StrEnum):
    """The direction of the last two counts."""

    FALL = "fall"
    RISE = "rise"
    FLAT = "flat"
    UNKNOWN = "unknown"


def bin_of(count: Count, limits: Thresholds) -> Anc:
    """The half-open bin of a count. A reader admits a comparator only where it fixes the bin."""
    if count.comparator.startswith("<"):
        return Anc.BELOW_0_5
    if count.value >= limits.anc_recovered:
        return Anc.FROM_2
    if count.value >= limits.anc_low:
        return Anc.FROM_1_5
    if count.value > limits.anc_very_low:
        return Anc.ABOVE_1
    if count.value == limits.anc_very_low:
        return Anc.EXACTLY_1
    return Anc.FROM_0_5 if count.value >= limits.anc_critical else Anc.BELOW_0_5


def is_low(count: Count, limits: Thresholds) -> bool:
    return bin_of(count, limits) in LOW


def newer_unreadable(counts: tuple[Count, ...], results: Iterable[Result]) -> tuple[Result, ...]:
    """Results coded as ANC that cannot be used and are newer than the latest count (all, if there is no count)."""
    unreadable = [each for each in results if each.analyte == "anc" and each.unusable and not each.pending]
    if not counts:
        return tuple(unreadable)
    latest = counts[-1].when.at
    return tuple(each for each in unreadable if (at := _best_date(each)) is not None and at > latest)


def _best_date(result: Result) -> datetime | None:
    """An undated result counts as newer only by the time it was issued or last written."""
    return result.when.at if result.when else result.issued or result.last_updated


def anc_state(
    counts: tuple[Count, ...], unreadable: tuple[Result, ...], limit: timedelta, now: datetime, limits: Thresholds
) -> Anc:
    """The state of the latest count. ``limit`` is the age at which a count of 1.5 or more is stale."""
    if not counts:
        return Anc.UNINTERPRETABLE if unreadable else Anc.NONE
    latest = counts[-1]
    age = now - latest.when.at
    bin_ = bin_of(latest, limits)
    in_force = bin_ in LOW and age <= limits.low_count_in_force
    if unreadable and not in_force:
        return Anc.UNINTERPRETABLE
    if in_force or (bin_ in NORMAL and age <= limit):
        return bin_
    return Anc.STALE


def trend_of(counts: tuple[Count, ...], limits: Thresholds) -> Trend:
    """The trend of the last two counts, if both are numbers and at most 90 days apart."""
    if (pair := _last_two(counts, limits)) is None:
        return Trend.UNKNOWN
    previous, last = pair
    if last < previous and last <= limits.fall_factor * previous:
        return Trend.FALL
    if last >= limits.rise_factor * previous and last - previous >= limits.rise_at_least:
        return Trend.RISE
    return Trend.FLAT


def is_steep_fall(counts: tuple[Count, ...], limits: Thresholds) -> bool:
    """The last count is at most half of the previous one, and below 2.5."""
    if (pair := _last_two(counts, limits)) is None:
        return False
    previous, last = pair
    return last < limits.steep_fall_below and last <= limits.steep_fall_factor * previous


def _last_two(counts: tuple[Count, ...], limits: Thresholds) -> tuple[Decimal, Decimal] | None:
    if len(counts) < 2:
        return None
    previous, last = counts[-2:]
    if not (previous.certain and last.certain) or last.when.at - previous.when.at > limits.trend_pair:
        return None
    return previous.value, last.value
