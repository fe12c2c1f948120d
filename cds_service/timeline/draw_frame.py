"""The ground of the drawing: threshold bands, grid, the two axes, cuts, and today."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from cds_service.advice.dates import date_text, short_day
from cds_service.advice.values import figure
from cds_service.clinical.record import When
from cds_service.clinical.scales import grade_of
from cds_service.timeline.chart import SHOWN_UNIT as UNIT
from cds_service.timeline.chart import Threshold
from cds_service.timeline.labels import Box
from cds_service.timeline.layout import SMALL, Scene
from cds_service.timeline.markup import Attributes, line, safe, tag, text
from cds_service.timeline.ticks import ticks_of
from cds_service.timeline.time_axis import Cut

_OPACITY = ("0.2", "0.17", "0.15", "0.1")
_LABEL_STEP = 14.0
_CUT_WORDS = 104.0
"""How long the words of a cut are, turned on their side."""


def frame(scene: Scene) -> str:
    return "".join((*_bands(scene), *_grid(scene), *_thresholds(scene), *_time(scene), *_cuts(scene), *_today(scene)))


def limit_text(limit: Decimal) -> str:
    return figure(limit, least=1)


def _band_words(low: Decimal | None, high: Decimal) -> str:
    grade = grade_of(low if low is not None else high / 2)
    named = f"{limit_text(low)} to below {limit_text(high)}" if low is not None else f"below {limit_text(high)}"
    if grade is None:
        return f"{named} {UNIT}"
    return f"{named} {UNIT}: {grade if low is not None else grade_of(high, '<')}"


def _bands(scene: Scene) -> Iterator[str]:
    """One stripe between two thresholds in each stretch of time; the lowest reaches down to the floor."""
    limits = [each.value for each in scene.chart.thresholds]
    for number, (low, high) in enumerate(zip([None, *limits], limits, strict=False)):
        bottom = scene.value.y(low) if low is not None else scene.value.bottom
        top = scene.value.y(high)
        stripes = "".join(
            tag("rect", x=each.left, y=top, width=each.right - each.left, height=max(bottom - top, 0))
            for each in scene.time.segments
        )
        pen = scene.pen(fill=f"band-{number}")
        yield tag("g", tag("title", safe(_band_words(low, high))) + stripes, fill_opacity=_OPACITY[number], **pen)


def _grid(scene: Scene) -> Iterator[str]:
    for value in scene.value.ticks:
        y = scene.value.y(value)
        for each in scene.time.segments:
            yield line(each.left, y, each.right, y, **scene.pen(stroke="grid"))
        label: Attributes = scene.pen(fill="muted")
        yield text(figure(value), scene.left - 8, y + 4, text_anchor="end", font_size=SMALL + 0.5, **label)
    x, y = scene.left - 44, (scene.value.top + scene.value.bottom) / 2
    words = f"Neutrophils, {UNIT}"
    turned = f"rotate(-90 {x:.1f} {y:.1f})"
    yield text(words, x, y, text_anchor="middle", font_size=SMALL + 1, transform=turned, **scene.pen(fill="ink"))


def _thresholds(scene: Scene) -> Iterator[str]:
    """A dashed line at each limit, named at the right with its source and, between two, the grade of the band."""
    shown = list(scene.chart.thresholds)
    places = _spread([scene.value.y(each.value) for each in shown])
    for threshold, label_y in zip(shown, places, strict=True):
        y = scene.value.y(threshold.value)
        for each in scene.time.segments:
            yield line(each.left, y, each.right, y, stroke_width=1, stroke_dasharray="2 3", **scene.pen(stroke="axis"))
        yield _threshold_label(threshold, y, label_y, scene)
    if scene.wide:
        yield from _grades(scene)


def _threshold_label(threshold: Threshold, y: float, label_y: float, scene: Scene) -> str:
    told = f"{limit_text(threshold.value)} {UNIT}: {threshold.note}. Source: {threshold.source}"
    named = f" {threshold.source}" if scene.wide else ""
    number = tag("tspan", safe(limit_text(threshold.value)), font_weight="600", **scene.pen(fill="ink"))
    words = tag(
        "text",
        number + (tag("tspan", safe(named), dx=3, **scene.pen(fill="muted")) if named else ""),
        x=scene.right + 14,
        y=label_y + 4,
        font_size=SMALL,
    )
    points = f"{scene.right:.1f},{y:.1f} {scene.right + 5:.1f},{y:.1f} {scene.right + 11:.1f},{label_y:.1f}"
    return tag("g", tag("title", safe(told)) + words + tag("polyline", points=points, **scene.pen(stroke="axis")))


def _spread(wanted: list[float]) -> list[float]:
    """The heights of the labels, lowest limit first: at their lines, or as near as keeps them apart."""
    places = list(wanted)
    for _ in range(20):
        for i, (low, high) in enumerate(pairwise(places)):
            if (missing := _LABEL_STEP - (low - high)) > 0:
                places[i], places[i + 1] = low + missing / 2, high - missing / 2
    return places


def _grades(scene: Scene) -> Iterator[str]:
    limits = [each.value for each in scene.chart.thresholds]
    for low, high in pairwise(limits):
        top, bottom = scene.value.y(high), scene.value.y(low)
        grade = grade_of(low)
        if grade is not None and bottom - top >= 2 * _LABEL_STEP:
            words = f"CTCAE v5 grade {grade.v5}, v6 grade {grade.v6}"
            y = (top + bottom) / 2 + 3.5
            yield text(words, scene.right + 14, y, font_size=SMALL - 1, **scene.pen(fill="muted"))


def _time(scene: Scene) -> Iterator[str]:
    first = scene.chart.first_dose
    day_0 = first.day if scene.look.days and first else None
    for each in scene.time.segments:
        yield line(each.left, scene.axis, each.right, scene.axis, **scene.pen(stroke="axis"))
    muted: Attributes = {"text_anchor": "middle", "font_size": SMALL + 0.5, **scene.pen(fill="muted")}
    for tick in ticks_of(scene.time, scene.chart.zone, day_0):
        yield line(tick.x, scene.axis, tick.x, scene.axis + 5, **scene.pen(stroke="axis"))
        yield text(tick.label, tick.x, scene.axis + 18, **muted)
        if tick.below:
            yield text(tick.below, tick.x, scene.axis + 31, font_weight="600", **muted)
    if day_0 is not None:
        words = f"Days since the first dose of anakinra ({date_text(day_0)} is day 0)"
        middle = (scene.left + scene.right) / 2
        ink = scene.pen(fill="ink")
        yield text(words, middle, scene.axis + 34, text_anchor="middle", font_size=SMALL + 1, **ink)


def _cuts(scene: Scene) -> Iterator[str]:
    """A cut says how long a stretch it leaves out, and breaks the axis with two strokes."""
    for cut in scene.time.cuts:
        middle = (cut.left + cut.right) / 2
        for x in (cut.left, cut.right):
            yield line(x - 4, scene.axis + 5, x + 4, scene.axis - 5, stroke_width=1.5, **scene.pen(stroke="axis"))
        words = f"{cut.days} days not drawn"
        scene.room.take(Box(cut.left, scene.value.top, cut.right, scene.value.bottom))
        y = _free_end(cut, scene)
        turned = f"rotate(-90 {middle:.1f} {y:.1f})"
        style: Attributes = {"font_size": SMALL - 0.5, **scene.pen(fill="muted")}
        yield text(words, middle + 3, y, transform=turned, **style)


def _free_end(cut: Cut, scene: Scene) -> float:
    """Where the words of a cut begin: at the bottom, or near the top if the curve crosses the cut low down."""
    heights = [scene.value.y(each.value) for each in scene.chart.points]
    xs = [scene.time.x(each.when.at) for each in scene.chart.points]
    before = [y for x, y in zip(xs, heights, strict=True) if x <= cut.left][-1:]
    after = [y for x, y in zip(xs, heights, strict=True) if x >= cut.right][:1]
    low = max([*before, *after], default=scene.value.top) > scene.value.bottom - _CUT_WORDS - 20
    return scene.value.top + _CUT_WORDS if low else scene.value.bottom - 12


def _today(scene: Scene) -> Iterator[str]:
    now = When(scene.chart.now, scene.chart.today)
    x = scene.time.x(now.at)
    told = tag("title", safe(f"The record as of {date_text(now.day)}"))
    stroke: Attributes = scene.pen(stroke="ink")
    mark = line(x, scene.value.top, x, scene.axis, stroke_width=1, stroke_opacity="0.55", **stroke)
    label = f"as of {short_day(now, now.day)}"
    style: Attributes = {"text_anchor": "end", "font_size": SMALL - 0.5, **scene.pen(fill="muted")}
    turned = f"rotate(-90 {x + 11:.1f} {scene.value.top + 4:.1f})"
    yield tag("g", told + mark + text(label, x + 11, scene.value.top + 4, transform=turned, **style), class_="tl-now")
