"""What the shapes mean: only those that the drawing holds. And what could not be drawn, in words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from cds_service.fhir.read.remarks import Certainty
from cds_service.timeline.chart import Chart, Point
from cds_service.timeline.labels import width_of, wrapped
from cds_service.timeline.layout import MOST_LANES, SMALL, is_on_axis
from cds_service.timeline.markup import tag, text
from cds_service.timeline.palette import Pen
from cds_service.timeline.shapes import (
    count_shape,
    day_open_shape,
    dose_shape,
    held_shape,
    pending_shape,
    stopped_shape,
    unreadable_shape,
    unsure_bar_shape,
)

ROW = 19.0
_SAMPLE = 28.0


class Item(NamedTuple):
    """One entry: its words, and its drawing around a point."""

    words: str
    draw: Callable[[float, float, Pen], str]


def items_of(chart: Chart) -> list[Item]:
    return [*_counts(chart), *(item for here, item in _others(chart) if here)]


def _counts(chart: Chart) -> Iterator[Item]:
    """One entry for each kind of count in the drawing, drawn as the first of its kind."""
    tagged = any(point.remark.text for point in chart.points)
    for kind, words in (
        (Certainty.STATED, "count, stated" if tagged else "count"),
        (Certainty.APPROXIMATE, "approximate"),
        (Certainty.INFERRED, "inferred"),
    ):
        found = [each for each in chart.points if each.remark.certainty is kind and _is_usual(each)]
        for open_ in (True, False):
            alike = [each for each in found if each.remark.number_open is open_]
            number = "number inferred" if open_ else "number stated, day inferred"
            if alike:
                yield Item(number if kind is Certainty.INFERRED else words, _sample(alike[0]))
    for words, unusual in (
        ("calculated", [each for each in chart.points if each.calculated]),
        ("only a limit", [each for each in chart.points if each.comparator]),
    ):
        if unusual:
            yield Item(words, _sample(unusual[0]))


def _is_usual(point: Point) -> bool:
    return not point.calculated and not point.comparator


def _sample(point: Point) -> Callable[[float, float, Pen], str]:
    plain = replace(point, scale="")  # in the colour of no count in particular
    return lambda x, y, pen: count_shape(plain, x, y, pen)


def _others(chart: Chart) -> Iterator[tuple[bool, Item]]:
    unsure = any(bar.unsure for bar in chart.bars)
    yield any(point.remark.day_open for point in chart.points), Item("day inferred", day_open_shape)
    yield unsure, Item("dates of treatment inferred", unsure_bar_shape)
    yield any(stop.how == "stopped" for stop in chart.stops), Item("stopped", stopped_shape)
    yield any(stop.how == "held" for stop in chart.stops), Item("held", held_shape)
    yield bool(chart.given), Item("dose given", dose_shape)
    yield any(not each.pending for each in chart.unread), Item("cannot be read", unreadable_shape)
    yield any(each.pending for each in chart.unread), Item("pending", pending_shape)


def height_of(chart: Chart, width: float) -> float:
    return ROW * (len(_flow(items_of(chart), width)) + len(_note_lines(chart, width)))


def legend(chart: Chart, left: float, top: float, width: float, pen: Pen) -> str:
    pieces = []
    y = top
    for row in _flow(items_of(chart), width):
        x = left
        for item in row:
            pieces.append(item.draw(x + 12, y, pen))
            pieces.append(text(item.words, x + _SAMPLE, y + 4, font_size=SMALL, **pen(fill="muted")))
            x += _width(item)
        y += ROW
    for note in _note_lines(chart, width):
        pieces.append(text(note, left, y + 4, font_size=SMALL, **pen(fill="low")))
        y += ROW
    return tag("g", "".join(pieces), class_="tl-legend", aria_hidden="true") if pieces else ""


def _note_lines(chart: Chart, width: float) -> list[str]:
    return [words for note in notes_of(chart) for words in wrapped(note, width, SMALL)]


def notes_of(chart: Chart) -> list[str]:
    """What is missing from the drawing."""
    notes = [f"Incomplete: {gap}" for gap in chart.gaps]
    undated = [each for each in chart.unread if each.when is None]
    ahead = [each for each in chart.unread if each.when is not None and not is_on_axis(each, chart)]
    unplaced = [bar for bar in chart.bars if bar.start is None and bar.end is None]
    for found, why in ((undated, "without a date"), (ahead, "dated in the future")):
        if found:
            notes.append(f"Not drawn: {len(found)} neutrophil result{'s' * (len(found) > 1)} {why}")
    if unplaced:
        notes.append(f"Not drawn, no date recorded: {', '.join(sorted({bar.drug for bar in unplaced}))}")
    if beyond := chart.lanes[MOST_LANES:]:
        notes.append(f"Not drawn, but in the table: {', '.join(beyond)}")
    return notes


def _width(item: Item) -> float:
    return _SAMPLE + width_of(item.words, SMALL) + 16


def _flow(items: list[Item], width: float) -> list[list[Item]]:
    rows: list[list[Item]] = []
    used = width
    for item in items:
        if used + _width(item) > width:
            rows.append([])
            used = 0
        rows[-1].append(item)
        used += _width(item)
    return rows
