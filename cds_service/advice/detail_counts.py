"""The count a card rests on, and the table of counts beside the anakinra exposure."""

from collections.abc import Iterator

from cds_service.advice.dates import ago, local_day, moment, short_day
from cds_service.advice.markdown import escape
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import CELLS, count_figure, count_words, in_words
from cds_service.clinical.intervals import Ended, Interval
from cds_service.clinical.neutrophils import Anc, is_low
from cds_service.clinical.record import Result, When
from cds_service.clinical.scales import grade_of
from cds_service.clinical.series import MEASURED, Count

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
        parts.append(f"Last usable count: {_count(latest, occasion)}.")
    else:
        parts.append(f"{_count(latest, occasion)}.")
    if unread and anc is not Anc.UNINTERPRETABLE:
        parts.append(f"**A newer result could not be read:** {'; '.join(unread)}. Verify with the laboratory.")
    if any(_is_newer(each, latest) for each in picture.pending):
        parts.append("A newer result is pending and not used.")
    return " ".join(parts)


def _count(count: Count, occasion: Occasion) -> str:
    """ "**0.96 x10^9/L**, 20 Nov 2026 08:10 (2 days ago): moderate; CTCAE v5 grade 3, v6 grade 2"."""
    about = [ago(count.when, occasion.zone, occasion.now)]
    if count.how != MEASURED:
        about.append(count.how)
    if count.date_is_issued:
        about.append("dated by its time of issue")
    grade = grade_of(count.value, count.comparator)
    number = in_words(count.comparator, f"{count_figure(count, occasion.limits)} {CELLS}")
    text = f"**{number}**, {moment(count.when, occasion.zone)} ({'; '.join(about)})"
    return f"{text}: {grade}" if grade else text


def _unread(result: Result, occasion: Occasion) -> str:
    sent = f"{escape(result.as_sent)} " if result.as_sent else ""
    when = f", {moment(result.when, occasion.zone)}" if result.when else ""
    return f"{sent}({escape(result.unusable)}){when}"


def _is_newer(pending: Result, latest: Count | None) -> bool:
    at = pending.when.at if pending.when else pending.issued
    return latest is None or (at is not None and at > latest.when.at)


def earlier_low(occasion: Occasion) -> str:
    """ "Lowest earlier count: 0.64 x10^9/L, 28 Oct 2026."; "" where none is on file."""
    nadir = occasion.picture.history.nadir
    if nadir is None:
        return ""
    number = in_words(nadir.comparator, f"{count_figure(nadir, occasion.limits)} {CELLS}")
    return f"Lowest earlier count: {number}, {moment(nadir.when, occasion.zone)}."


def table(occasion: Occasion) -> str:
    """The last counts, newest first, the nadir of the earlier episode among them; "" for fewer than two."""
    counts = occasion.picture.counts
    if len(counts) < 2:
        return ""
    shown = list(counts[-TABLE_ROWS:])
    nadir = occasion.picture.history.nadir
    if nadir is not None and nadir not in shown:
        shown[0] = nadir
    return "\n".join(("| date | ANC | anakinra |", "|---|---|---|", *_rows(shown, occasion)))


def _rows(shown: list[Count], occasion: Occasion) -> Iterator[str]:
    intervals = occasion.picture.anakinra.intervals
    for count in reversed(shown):
        number = count_words(count, occasion.limits)
        value = f"**{number}**" if is_low(count, occasion.limits) else number
        use = _use_at(count.when, intervals, occasion)
        yield f"| {short_day(count.when, occasion.zone, occasion.now)} | {value} | {use} |"


def _use_at(when: When, intervals: tuple[Interval, ...], occasion: Occasion) -> str:
    """ "before", "on, day 9" (day 0 is the first dose), "held, day 2", "off"."""
    begun = [each for each in intervals if each.has_begun_before(when)]
    if not begun:
        starts = [local_day(each.start, occasion.zone) for each in intervals if each.start]
        return "first day" if local_day(when, occasion.zone) in starts else "before" if intervals else "no order"
    interval = max(begun, key=lambda each: each.start.at.timestamp() if each.start else 0.0)
    if interval.end is None and interval.ended is not Ended.OPEN:
        return "not known"
    if interval.end is None or not when.is_after(interval.end):
        return f"on, day {_days(interval.start, when, occasion)}" if interval.start else "on"
    days = _days(interval.end, when, occasion)
    if interval.ended is Ended.HOLD:
        return f"held, day {days}"
    return "off" if days > _LONG_AFTER else f"off, day {days}"


def _days(since: When, when: When, occasion: Occasion) -> int:
    return (local_day(when, occasion.zone) - local_day(since, occasion.zone)).days
