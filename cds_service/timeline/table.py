"""The facts of a chart as rows, oldest first: for screen readers, for a page under the drawing, and for tests."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from cds_service.advice.dates import moment
from cds_service.clinical.record import When
from cds_service.fhir.read.remarks import Remark
from cds_service.timeline.chart import UNIT, Bar, Chart, Point, Stop, Unread

HEADINGS = ("Date", "What", "Value", "Unit", "Scale", "Anakinra", "How sure", "Source")
UNDATED = "no date"


class Row(NamedTuple):
    """One fact in words; a field that does not apply is empty."""

    date: str
    what: str
    value: str = ""
    unit: str = ""
    scale: str = ""
    anakinra: str = ""
    certainty: str = ""
    source: str = ""


def rows_of(chart: Chart) -> tuple[Row, ...]:
    """Every count, unreadable or pending result, start, end and given dose, and each episode; undated ones last."""
    found: list[tuple[When | None, Row]] = [*_results(chart), *_exposures(chart), *_episodes(chart)]
    found.sort(key=_order)
    return tuple(row for _, row in found)


def _order(each: tuple[When | None, Row]) -> tuple[bool, datetime | None]:
    when, _ = each
    return when is None, when.at if when else None


def _results(chart: Chart) -> Iterator[tuple[When | None, Row]]:
    for point in chart.points:
        yield point.when, _count_row(point, chart)
    for unread in chart.unread:
        yield unread.when, _unread_row(unread, chart)


def _count_row(point: Point, chart: Chart) -> Row:
    return Row(
        date_of(point.when, chart),
        f"neutrophils, {point.how}",
        point.text,
        UNIT,
        point.scale,
        point.on_drug,
        sure(point.remark),
        ", ".join(point.sources),
    )


def _unread_row(unread: Unread, chart: Chart) -> Row:
    what = "neutrophils, pending" if unread.pending else "neutrophils, cannot be read"
    return Row(
        date_of(unread.when, chart), what, anakinra=unread.on_drug, certainty=why_unread(unread), source=unread.source
    )


def why_unread(unread: Unread) -> str:
    """The reason, and what the laboratory sent."""
    return f'{unread.reason} (sent as "{unread.sent}")' if unread.sent else unread.reason


def sure(remark: Remark) -> str:
    """What the record's own note says of its certainty, "as recorded" without one."""
    return remark.text or "as recorded"


def _exposures(chart: Chart) -> Iterator[tuple[When | None, Row]]:
    for bar in chart.bars:
        yield bar.start, _start_row(bar, chart)
        if not bar.open and bar.end is None:
            yield None, Row(UNDATED, f"{bar.drug} ended; when is not recorded", source=", ".join(bar.sources))
    for stop in chart.stops:
        yield stop.when, _stop_row(stop, chart)
    for given in chart.given:
        yield given.when, Row(date_of(given.when, chart), f"{given.drug} given", source=given.source)


def _episodes(chart: Chart) -> Iterator[tuple[When | None, Row]]:
    """Behind the first low count of each."""
    for spell in chart.spells:
        ended = f"1.5 or more again {date_of(spell.recovered, chart)}" if spell.recovered else "no recovery on record"
        what = f"neutropenia episode {spell.number}, lowest"
        nadir = spell.nadir
        yield (
            spell.first,
            Row(
                f"from {date_of(spell.first, chart)}",
                what,
                nadir.text,
                UNIT,
                nadir.scale,
                ended,
                sure(nadir.remark),
                ", ".join(spell.sources),
            ),
        )


def _start_row(bar: Bar, chart: Chart) -> Row:
    date = date_of(bar.start, chart)
    about = "about " if bar.start_approximate else ""
    return Row(about + date, f"{bar.drug} started", bar.dose, certainty=sure(bar.remark), source=", ".join(bar.sources))


def _stop_row(stop: Stop, chart: Chart) -> Row:
    about = "about " if stop.approximate else ""
    return Row(about + date_of(stop.when, chart), stop_words(stop), source=", ".join(stop.sources))


def stop_words(stop: Stop) -> str:
    """ "anakinra stopped: the order's reason names neutropenia"."""
    return f"{stop.drug} {stop.how}: {stop.cause}" if stop.cause else f"{stop.drug} {stop.how}"


def date_of(when: When | None, chart: Chart) -> str:
    return moment(when, chart.zone) if when else UNDATED
