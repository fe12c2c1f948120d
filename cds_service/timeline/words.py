"""What each mark says of itself, line by line: on hover and to a screen reader."""

from cds_service.advice.dates import short_day
from cds_service.clinical.record import When
from cds_service.timeline.chart import SHOWN_UNIT, Bar, Chart, Given, Point, Spell, Stop, Unread
from cds_service.timeline.table import date_of, stop_words, sure, why_unread

_SHORT_CAUSES = {
    "the order's reason names neutropenia": "neutropenia",
    "a count below 1.5 around its end": "count below 1.5",
}


def when_words(when: When, chart: Chart) -> str:
    """The date, and the day since the first dose of anakinra where there was one."""
    first = chart.first_dose
    day = f" (day {(when.day - first.day).days})" if first else ""
    return date_of(when, chart) + day


def point_words(point: Point, chart: Chart) -> list[str]:
    return [
        f"{point.text} {SHOWN_UNIT}, {when_words(point.when, chart)}",
        point.scale,
        point.how if point.how != "measured" else "",
        point.on_drug,
        sure(point.remark) if point.remark.text else "",
        ", ".join(point.sources),
    ]


def unread_words(unread: Unread, chart: Chart) -> list[str]:
    what = "Pending neutrophil result" if unread.pending else "Neutrophil result that cannot be read"
    dated = f", {when_words(unread.when, chart)}" if unread.when else ""
    return [what + dated, why_unread(unread), unread.on_drug, unread.source]


def bar_words(bar: Bar, chart: Chart) -> list[str]:
    dose = f" {bar.dose}" if bar.dose else ""
    return [
        f"{bar.drug}{dose}: {_start(bar, chart)}, {_end(bar, chart)}",
        sure(bar.remark) if bar.remark.text else "",
        ", ".join(bar.sources),
    ]


def _start(bar: Bar, chart: Chart) -> str:
    if bar.start is None:
        return "start not recorded"
    return f"from {'about ' if bar.start_approximate else ''}{when_words(bar.start, chart)}"


def _end(bar: Bar, chart: Chart) -> str:
    if bar.end is not None:
        return f"to {'about ' if bar.end_approximate else ''}{when_words(bar.end, chart)}"
    return "no end recorded: still active" if bar.open else "ended; when is not recorded"


def stop_label(stop: Stop, chart: Chart, *, days: bool) -> str:
    """Short, for the drawing: "stopped 14 Sep: neutropenia", or "stopped day 4: neutropenia"."""
    first = chart.first_dose
    on_day = days and first is not None
    when = f"day {(stop.when.day - first.day).days}" if on_day and first else short_day(stop.when, stop.when.day)
    about = "about " if stop.approximate else ""
    who = "" if stop.drug == "anakinra" else f"{stop.drug} "
    cause = _SHORT_CAUSES.get(stop.cause, stop.cause)
    return f"{who}{stop.how} {about}{when}" + (f": {cause}" if cause else "")


def stop_told(stop: Stop, chart: Chart) -> list[str]:
    about = "about " if stop.approximate else ""
    return [f"{stop_words(stop)}, {about}{when_words(stop.when, chart)}", ", ".join(stop.sources)]


def given_words(given: Given, chart: Chart) -> list[str]:
    return [f"{given.drug} given, {when_words(given.when, chart)}", given.source]


def spell_words(spell: Spell, chart: Chart) -> list[str]:
    ended = (
        f"1.5 or more again {when_words(spell.recovered, chart)}" if spell.recovered else "no recovery on record yet"
    )
    return [
        f"Neutropenia episode {spell.number}: first count below 1.5 {when_words(spell.first, chart)}, {ended}",
        f"lowest {spell.nadir.text} {SHOWN_UNIT}, {when_words(spell.nadir.when, chart)}; {spell.nadir.scale}",
        ", ".join(spell.sources),
    ]
