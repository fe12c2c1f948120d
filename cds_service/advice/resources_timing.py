"""When a suggested count is to be drawn: FHIR Timing, in codes and in words (https://hl7.org/fhir/R4/datatypes.html#Timing)."""

from datetime import timedelta

from cds_service.advice.occasion import Occasion
from cds_service.advice.resources import Resource

ONCE: Resource = {"repeat": {"count": 1}, "code": {"text": "once"}}
_WEEK = timedelta(days=7)


def until_recovery(occasion: Occasion) -> Resource:
    """Every 1-2 days until recovery (source S2)."""
    most = occasion.limits.repeat_while_low.days
    every = f"every 1-{most} days" if most > 1 else "every day"
    repeat: Resource = {"boundsPeriod": {"start": _day(occasion)}, "frequency": 1, "period": 1, "periodUnit": "d"}
    if most > 1:
        repeat["periodMax"] = most
    return {"repeat": repeat, "code": {"text": f"{every} until the neutrophil count is 1.5 x10*9/L or above"}}


def early_after_restart(occasion: Occasion) -> Resource:
    """One count between day 2 and 5 of a restart, day 0 its first dose (this project's choice)."""
    first, last = occasion.limits.restart_count_from, occasion.limits.restart_count_until
    bounds = {"start": _day(occasion, first), "end": _day(occasion, last)}
    words = f"once, between day {first.days} and {last.days} after the first dose"
    return {"repeat": {"boundsPeriod": bounds, "count": 1}, "code": {"text": words}}


def weekly_after_restart(occasion: Occasion) -> Resource:
    """Then weekly for four weeks (this project's choice)."""
    times = occasion.limits.restart_weekly_counts
    repeat = {
        "boundsPeriod": {"start": _day(occasion, _WEEK), "end": _day(occasion, times * _WEEK)},
        "count": times,
        "frequency": 1,
        "period": 1,
        "periodUnit": "wk",
    }
    return {"repeat": repeat, "code": {"text": f"weekly, {times} times after the first dose"}}


def _day(occasion: Occasion, after: timedelta = timedelta(0)) -> str:
    return (occasion.today + after).isoformat()
