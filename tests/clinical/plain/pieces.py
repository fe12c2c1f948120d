"""What one order, dose or statement says by itself of when a drug was taken: section 3, "Exposure"."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cds_service.clinical.record import Kind, Medication, When

from .times import later

OPEN, HOLD, STOP, DOSE = "open", "hold", "stop", "dose"


@dataclass
class Interval:
    """From ``start`` to ``end``, both perhaps not known. ``how`` it ended: OPEN, HOLD, STOP, or DOSE (a last dose)."""

    start: When | None
    end: When | None
    how: str
    start_approximate: bool = False
    end_approximate: bool = False
    has_reason: bool = False
    reason_neutropenia: bool = False


def piece_of(medication: Medication, now: datetime) -> Interval | None:
    """What one order, dose or statement says by itself; nothing if it has not begun."""
    start, approximate = _start(medication)
    if start is not None and start.at > now:
        return None
    found = Interval(start, None, STOP, start_approximate=approximate)
    if medication.kind is Kind.ADMINISTRATION:
        found.how = DOSE
        if start is not None:
            found.end = _a_day_after(start)
            found.end_approximate = approximate
    elif medication.kind is Kind.STATEMENT:
        found.end = medication.bounds_end
        if found.end is None or found.end.at > now:
            found.end, found.how = None, OPEN
    elif medication.status == "active":
        found.how = OPEN
    else:
        found.how = HOLD if medication.status == "on-hold" else STOP
        found.end, found.end_approximate = _end(medication, start, now)
        found.has_reason = medication.has_reason
        found.reason_neutropenia = medication.reason_neutropenia
    if found.start is not None and found.end is not None and found.end.at < found.start.at:
        found.end = found.start
    return found


def _start(medication: Medication) -> tuple[When | None, bool]:
    dates = [each for each in (medication.authored, medication.bounds_start) if each is not None]
    if not dates:
        return medication.last_updated, medication.last_updated is not None
    return max(dates, key=lambda each: each.at), False


def _end(medication: Medication, start: When | None, now: datetime) -> tuple[When | None, bool]:
    """Where a request ended, and whether that is approximate. Nothing ends in the future.

    A change of status that is not after the start made the order active; it is not the one that ended it.
    """
    changed = medication.status_changed
    if changed is not None and changed.at <= now and (start is None or later(changed, start)):
        return changed, False
    stated = [medication.bounds_end]
    if medication.status == "completed":
        stated.append(medication.validity_end)
    ends = []
    for end in stated:
        if end is not None and end.at <= now:
            ends.append((end, False))
    if medication.last_updated is not None and medication.last_updated.at <= now:
        ends.append((medication.last_updated, True))
    if not ends:
        return None, False
    return min(ends, key=lambda each: (each[0].at, each[1]))


def _a_day_after(when: When) -> When:
    return When(when.at + timedelta(days=1), when.day + timedelta(days=1), when.exact)
