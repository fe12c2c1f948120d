"""The lanes above the plot: a bar for each interval on a drug, arrows for single doses, and where it was stopped."""

from collections.abc import Iterator

from cds_service.timeline.chart import Bar, Stop
from cds_service.timeline.labels import Box, width_of
from cds_service.timeline.layout import PLAIN, SMALL, STOP_ROW, Lane, Scene, is_in_sight, is_main
from cds_service.timeline.markup import Attributes, line, mark, tag, text
from cds_service.timeline.shapes import dose_shape, held_shape, stopped_shape
from cds_service.timeline.words import bar_words, given_words, stop_label, stop_told

_STUB = 34.0
"""How far a bar is drawn where its start or end is not recorded."""


def exposures(scene: Scene) -> str:
    return "".join((*_names(scene), *_bars(scene), *_given(scene), *_stops(scene)))


def _role(drug: str) -> str:
    return drug if is_main(drug) else "other"


def _names(scene: Scene) -> Iterator[str]:
    for lane in scene.lanes:
        size = PLAIN if is_main(lane.drug) else SMALL
        style: Attributes = {"text_anchor": "end", "font_size": size, **scene.pen(fill=_role(lane.drug))}
        weight = "600" if is_main(lane.drug) else None
        yield text(lane.drug, scene.left - 10, lane.middle + size * 0.36, font_weight=weight, **style)
        for each in scene.time.segments:
            yield line(each.left, lane.middle, each.right, lane.middle, **scene.pen(stroke="grid"))


def _bars(scene: Scene) -> Iterator[str]:
    for bar in scene.chart.bars:
        lane = scene.lane_of(bar.drug)
        if lane is not None and is_in_sight(bar, scene.time):
            yield mark("bar", bar_words(bar, scene.chart), bar.sources, _bar(bar, lane, scene))


def _bar(bar: Bar, lane: Lane, scene: Scene) -> str:
    start, end = _ends(bar, scene)
    role = _role(bar.drug)
    top, bottom = lane.middle - lane.half, lane.middle + lane.half
    unsure = bar.unsure
    body = tag(
        "rect",
        x=start,
        y=top,
        width=max(end - start, 3),
        height=2 * lane.half,
        fill_opacity="0.4" if unsure or not is_main(bar.drug) else "0.85",
        stroke_width=1.2,
        stroke_dasharray="4 3" if unsure else None,
        **scene.pen(fill=role, stroke=role),
    )
    pieces = [body]
    if bar.open:
        tip = f"M{end:.1f} {top - 3:.1f}L{end + 9:.1f} {lane.middle:.1f}L{end:.1f} {bottom + 3:.1f}Z"
        pieces.append(tag("path", d=tip, **scene.pen(fill=role)))
    if bar.start is not None and bar.start.at < scene.time.segments[0].begins:
        tip = f"M{start:.1f} {top:.1f}L{start - 6:.1f} {lane.middle:.1f}L{start:.1f} {bottom:.1f}Z"
        pieces.append(tag("path", d=tip, **scene.pen(fill=role)))
    pieces += [_open_edge(x, top, bottom, role, scene) for x in _uncertain_edges(bar, start, end)]
    pieces += _words_on(bar, start, end, lane, scene)
    pieces += _cut_strokes(start, end, lane, scene)
    return "".join(pieces)


def _ends(bar: Bar, scene: Scene) -> tuple[float, float]:
    """From where to where it is drawn; a side that is not recorded gets a stub."""
    start = scene.time.x(bar.start.at) if bar.start else None
    if bar.end is not None:
        end: float | None = scene.time.x(bar.end.at)
    else:
        end = scene.time.x(scene.chart.now) if bar.open else None
    if start is None:
        start = max(scene.left, (end or scene.right) - _STUB)
    return start, end if end is not None else min(scene.right, start + _STUB)


def _uncertain_edges(bar: Bar, start: float, end: float) -> Iterator[float]:
    if bar.start is None or bar.start_approximate:
        yield start
    if (bar.end is None and not bar.open) or bar.end_approximate:
        yield end


def _open_edge(x: float, top: float, bottom: float, role: str, scene: Scene) -> str:
    """An edge whose date is only approximate, or not recorded: a dotted line that stands out of the bar."""
    return line(x, top - 4, x, bottom + 4, stroke_width=2, stroke_dasharray="2 2", **scene.pen(stroke=role))


def _words_on(bar: Bar, start: float, end: float, lane: Lane, scene: Scene) -> list[str]:
    words = bar.dose or ""
    if not words or lane.half < 6 or width_of(words, SMALL) + 10 > end - start:
        return []
    style: Attributes = {"font_size": SMALL, "font_weight": "600", **scene.pen(fill="ink" if bar.unsure else "paper")}
    return [text(words, start + 6, lane.middle + 3.8, **style)]


def _cut_strokes(start: float, end: float, lane: Lane, scene: Scene) -> list[str]:
    """A bar that runs through a cut in the axis is cut too."""
    strokes = []
    for cut in scene.time.cuts:
        middle = (cut.left + cut.right) / 2
        if start < middle < end:
            rise = 2 * lane.half + 4
            d = "".join(f"M{x:.1f} {lane.middle + lane.half + 2:.1f}l8 -{rise:.1f}" for x in (middle - 7, middle - 1))
            strokes.append(tag("path", d=d, stroke_width=2.5, **scene.pen(stroke="paper")))
    return strokes


def _given(scene: Scene) -> Iterator[str]:
    """An arrow that points down to the curve for each dose the record has."""
    for each in scene.chart.given:
        lane = scene.lane_of(each.drug)
        if lane is None or each.when.at < scene.time.segments[0].begins:
            continue
        inner = dose_shape(scene.time.x(each.when.at), lane.middle, scene.pen)
        yield mark("dose", given_words(each, scene.chart), [each.source], inner)


def _stops(scene: Scene) -> Iterator[str]:
    for stop in scene.chart.stops:
        lane = scene.lane_of(stop.drug)
        if lane is not None:
            yield mark("stop", stop_told(stop, scene.chart), stop.sources, _stop(stop, lane, scene))


def _stop(stop: Stop, lane: Lane, scene: Scene) -> str:
    """A square for a stop, two bars for a hold; for neutropenia in the colour of low counts, down to the plot."""
    x = scene.time.x(stop.when.at)
    role = "low" if stop.cause else _role(stop.drug)
    y = lane.middle
    pieces = []
    if stop.cause:
        style: Attributes = {"stroke_width": 1.2, "stroke_dasharray": "5 3", **scene.pen(stroke=role)}
        pieces.append(line(x, y, x, scene.value.bottom, **style))
        scene.room.take(Box(x - 1, scene.value.top, x + 1, scene.value.bottom))
    shape = held_shape if stop.how == "held" else stopped_shape
    pieces.append(shape(x, y, scene.pen, role))
    return "".join(pieces) + _stop_words(stop, x, role, scene)


def _stop_words(stop: Stop, x: float, role: str, scene: Scene) -> str:
    words = stop_label(stop, scene.chart, days=scene.look.days)
    width = width_of(words, SMALL)
    rows = (scene.lanes_top - 4, scene.lanes_top - 4 - STOP_ROW)
    lefts = (x - 4, x - width / 2, x - width + 4)
    boxes = [Box(left, y - 10, left + width, y + 2) for y in rows for left in lefts]
    if (box := scene.room.first_free(boxes)) is None:
        return ""
    stem = line(x, box.bottom, x, scene.lanes_top + 6, stroke_width=1, stroke_dasharray="2 2", **scene.pen(stroke=role))
    return stem + text(words, box.left, box.bottom - 2, font_size=SMALL, **scene.pen(fill=role))
