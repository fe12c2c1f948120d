"""The count a card rests on, and the table of counts beside the anakinra exposure."""

from collections.abc import Iterator

from cds_service.advice.dates import moment, short_day
from cds_service.advice.markdown import escape
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import count_words
from cds_service.clinical.intervals import Ended, Interval
from cds_service.clinical.neutrophils import Anc, is_low
from cds_service.clinical.record import Result, When
from cds_service.clinical.series import Count

TABLE_ROWS = 6
_SHOWN_UNREADABLE = 2
_LONG_AFTER = 30
"""Days after a stop from which the table only says "off"."""


def headline(occasion: Occasion, anc: Anc | None) -> str:
    """The latest count with unit, date, age, how it was had and its grade; what could not be read, what is pending."""
    picture = occasion.picture
    latest = picture.latest
    parts = []
    unread = [_unread(each, occasion) for each in picture.unreadable[-_SHOWN_UNREADABLE:]]
    if unread and anc is Anc.UNINTERPRETABLE:
        parts.append(f"**Not used:** {'; '.join(unread)}.")
    if latest is None:
        parts.append("**No usable neutrophil count on file.**")
    elif anc in (Anc.UNINTERPRETABLE, Anc.STALE):
        parts.append(f"Last usable count: {occasion.latest_words}.")
    else:
        parts.append(f"{occasion.latest_words}.")
    if unread and anc is not Anc.UNINTERPRETABLE:
        parts.append(f"**A newer result could not be read:** {'; '.join(unread)}. Verify with the laboratory.")
    if any(_is_newer(each, latest) for each in picture.pending):
        parts.append(f"A {'newer ' if latest else ''}result is pending and not used.")
    return " ".join(parts)


def _unread(result: Result, occasion: Occasion) -> str:
    sent = f"{escape(result.as_sent)} " if result.as_sent else ""
    when = f", {moment(result.when, occasion.zone)}" if result.when else ""
    return f"{sent}({escape(result.unusable)}){when}"


def _is_newer(pending: Result, latest: Count | None) -> bool:
    at = pending.when.at if pending.when else pending.issued
    return latest is None or (at is not None and at > latest.when.at)


def shown_in_table(occasion: Occasion) -> tuple[Count, ...]:
    """The last counts, oldest first, the nadir of the earlier episode among them; () for fewer than two."""
    counts = occasion.picture.counts
    if len(counts) < 2:
        return ()
    shown = counts[-TABLE_ROWS:]
    nadir = occasion.picture.history.nadir
    return shown if nadir is None or nadir in shown else (nadir, *shown[1:])


def table(shown: tuple[Count, ...], occasion: Occasion) -> str:
    """The counts ``shown``, newest first, beside the exposure at the time; "" for none."""
    return "\n".join(("| date | ANC | anakinra |", "|---|---|---|", *_rows(shown, occasion))) if shown else ""


def _rows(shown: tuple[Count, ...], occasion: Occasion) -> Iterator[str]:
    intervals = occasion.picture.anakinra.intervals
    for count in reversed(shown):
        number = count_words(count, occasion.limits)
        value = f"**{number}**" if is_low(count, occasion.limits) else number
        yield f"| {short_day(count.when, occasion.today)} | {value} | {_use_at(count.when, intervals)} |"


def _use_at(when: When, intervals: tuple[Interval, ...]) -> str:
    """ "before", "on, day 9" (day 0 is the first dose), "held, day 2", "off"."""
    begun = [each for each in intervals if each.has_begun_before(when)]
    if not begun:
        starts = [each.start.day for each in intervals if each.start]
        return "first day" if when.day in starts else "before" if intervals else "no order"
    interval = max(begun, key=_start) if len(begun) > 1 else begun[0]
    if interval.end is None and interval.ended is not Ended.OPEN:
        return "not known"
    if interval.end is None or not when.is_after(interval.end):
        return f"on, day {_days(interval.start, when)}" if interval.start else "on"
    days = _days(interval.end, when)
    if interval.ended is Ended.HOLD:
        return f"held, day {days}"
    return "off" if days > _LONG_AFTER else f"off, day {days}"


def _start(interval: Interval) -> float:
    return interval.start.at.timestamp() if interval.start else 0.0


def _days(since: When, until: When) -> int:
    return (until.day - since.day).days
