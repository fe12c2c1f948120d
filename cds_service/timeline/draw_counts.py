"""The counts: episodes behind them, the line, one mark a count by how sure it is, and the results nobody could read."""

from collections.abc import Iterator
from itertools import pairwise

from cds_service.fhir.read.remarks import Certainty
from cds_service.timeline.chart import Point, Spell, Unread
from cds_service.timeline.labels import Box, Room, width_of
from cds_service.timeline.layout import PLAIN, SMALL, Scene, is_on_axis
from cds_service.timeline.markup import Attributes, line, mark, tag, text
from cds_service.timeline.shapes import (
    RADIUS,
    count_shape,
    day_open_shape,
    pending_shape,
    role_of,
    unreadable_shape,
)
from cds_service.timeline.words import point_words, spell_words, unread_words

MANY = 60
"""From so many counts on, marks are smaller and only the telling ones are labelled."""


def counts(scene: Scene) -> str:
    if not scene.chart.points and scene.strip is None:
        return _nothing(scene)
    radius = RADIUS if len(scene.chart.points) <= MANY else 2.8
    spots = [(point, *_spot(point, scene)) for point in scene.chart.points]
    for _, x, y in spots:
        scene.room.take(Box(x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1))
    for point, x, y in spots:
        if point.remark.day_open:
            scene.room.take(Box(x - 12, y - 3, x + 12, y + 3))
    marks = [
        mark("point", point_words(each, scene.chart), each.sources, _point(each, x, y, radius, scene), _day(each))
        for each, x, y in spots
    ]
    if len(spots) <= MANY:
        _keep_off_curve(spots, scene)
    labels = "".join(_value_labels(spots, radius, scene))
    return "".join((*_spells(scene), *_strip(scene), _curve(spots, scene), *marks, labels))


def _day(point: Point) -> str:
    return point.when.day.isoformat()


def _spot(point: Point, scene: Scene) -> tuple[float, float]:
    return scene.time.x(point.when.at), scene.value.y(point.value)


def _nothing(scene: Scene) -> str:
    x, y = (scene.left + scene.right) / 2, (scene.value.top + scene.value.bottom) / 2
    words = "No neutrophil count on record"
    return text(words, x, y, text_anchor="middle", font_size=PLAIN + 1, **scene.pen(fill="muted"))


def _keep_off_curve(spots: list[tuple[Point, float, float]], scene: Scene) -> None:
    """No label on the line: it is taken piece by piece."""
    for (_, x1, y1), (_, x2, y2) in pairwise(spots):
        pieces = int(max(abs(x2 - x1), abs(y2 - y1)) // 5) + 1
        for piece in range(pieces + 1):
            x, y = x1 + (x2 - x1) * piece / pieces, y1 + (y2 - y1) * piece / pieces
            scene.room.take(Box(x - 1.5, y - 1.5, x + 1.5, y + 1.5))


def _curve(spots: list[tuple[Point, float, float]], scene: Scene) -> str:
    """Joined within a stretch of time, dashed where an end is inferred; across a cut only dotted."""
    solid, dashed, dotted = [], [], []
    for (one, x1, y1), (other, x2, y2) in pairwise(spots):
        step = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
        if scene.time.place_of(one.when.at) != scene.time.place_of(other.when.at):
            dotted.append(step)
        elif Certainty.INFERRED in (one.remark.certainty, other.remark.certainty):
            dashed.append(step)
        else:
            solid.append(step)
    stroke: Attributes = {"stroke_width": 1.8, "stroke_linecap": "round", **scene.pen(stroke="ink")}
    return "".join(
        tag("path", d="".join(steps), stroke_dasharray=dash, stroke_opacity=opacity, **stroke)
        for steps, dash, opacity in ((solid, None, None), (dashed, "6 4", None), (dotted, "1 5", "0.6"))
        if steps
    )


def _point(point: Point, x: float, y: float, radius: float, scene: Scene) -> str:
    role = role_of(point)
    pieces = [day_open_shape(x, y, scene.pen, role)] if point.remark.day_open else []
    pieces.append(count_shape(point, x, y, scene.pen, radius))
    if scene.value.below(point.value):
        d = f"M{x - 4:.1f} {y - 13:.1f}h8L{x:.1f} {y - 7:.1f}Z"
        pieces.append(tag("path", d=d, **scene.pen(fill=role)))
    return "".join(pieces)


def _value_labels(spots: list[tuple[Point, float, float]], radius: float, scene: Scene) -> Iterator[str]:
    """The telling ones first: the lowest of each episode, the first, the latest; then the others from left to right.

    A number that is only inferred is not written down: it would be quoted. Hovering tells it, with the reason.
    """
    for point, x, y in sorted(spots, key=lambda spot: _rank(spot[0], scene)):
        if len(spots) > MANY and _rank(point, scene) > 1:
            break
        size = PLAIN if point.scale else SMALL + 0.5
        words = "inferred" if point.remark.number_open else point.text
        width, height = width_of(words, size), size + 1
        gap = radius + 3
        places = [(x - width / 2, y - gap - height), (x - width / 2, y + gap), (x + gap, y - height / 2)]
        places += [
            (x + 14, y - height / 2),
            (x - gap - width, y - height / 2),
            (x + gap - 1, y - gap - height),
            (x + gap - 1, y + gap),
        ]
        if point.scale:
            places[0], places[1] = places[1], places[0]
        box = scene.room.first_free(Box(left, top, left + width, top + height) for left, top in places)
        if box is not None:
            role = role_of(point)
            weight = "600" if point.scale and not point.remark.number_open else None
            style: Attributes = {"font_size": size, "font_weight": weight, **scene.pen(fill=role)}
            yield text(words, box.left, box.bottom - 2, **style)


def _rank(point: Point, scene: Scene) -> int:
    if any(spell.nadir is point for spell in scene.chart.spells):
        return 0
    return 1 if point in (scene.chart.points[0], scene.chart.points[-1]) else 2


def _spells(scene: Scene) -> Iterator[str]:
    for spell in scene.chart.spells:
        yield mark("episode", spell_words(spell, scene.chart), spell.sources, _spell(spell, scene))


def _spell(spell: Spell, scene: Scene) -> str:
    left = scene.time.x(spell.first.at)
    right = max(scene.time.x(spell.recovered.at if spell.recovered else scene.chart.now), left + 6)
    top, bottom = scene.value.top, scene.value.bottom
    shade: Attributes = {"fill_opacity": "0.08", **scene.pen(fill="episode")}
    area = tag("rect", x=left, y=top, width=right - left, height=bottom - top, **shade)
    d = f"M{left:.1f} {bottom - 9:.1f}v5H{right:.1f}" + ("v-5" if spell.recovered else "")
    bracket = tag("path", d=d, stroke_width=1.5, **scene.pen(stroke="episode"))
    return area + bracket + _spell_words(spell, left, right, scene)


def _spell_words(spell: Spell, left: float, right: float, scene: Scene) -> str:
    words = f"Episode {spell.number}: lowest {spell.nadir.text}"
    width = width_of(words, SMALL)
    middle = (left + right) / 2
    rows = [*(scene.value.bottom - 12 - 13 * row for row in range(3)), scene.value.top + 12, scene.value.top + 25]
    lefts = (middle - width / 2, left, right - width, right + 6, left - width - 6)
    boxes = [Box(x, y - 10, x + width, y + 2) for y in rows for x in lefts]
    if (box := scene.room.first_free(boxes)) is None:
        return ""
    return text(words, box.left, box.bottom - 2, font_size=SMALL, **scene.pen(fill="episode"))


def _strip(scene: Scene) -> Iterator[str]:
    """Results that are no number, at their date, below the plot."""
    if scene.strip is None:
        return
    for each in scene.time.segments:
        yield line(each.left, scene.value.bottom, each.right, scene.value.bottom, **scene.pen(stroke="grid"))
    style: Attributes = {"text_anchor": "end", "font_size": SMALL - 1, **scene.pen(fill="muted")}
    yield text("not a number", scene.left - 8, scene.strip + 3.5, **style)
    here = [
        (scene.time.x(each.when.at), each) for each in scene.chart.unread if each.when and is_on_axis(each, scene.chart)
    ]
    room = Room(Box(scene.left, scene.value.bottom, scene.right, scene.axis))
    for x, _ in here:
        room.take(Box(x - 7, scene.strip - 6, x + 7, scene.strip + 6))
    for x, unread in here:
        shape = pending_shape if unread.pending else unreadable_shape
        inner = shape(x, scene.strip, scene.pen) + _reason(unread, x, scene.strip, room, scene)
        yield mark("unread", unread_words(unread, scene.chart), [unread.source], inner)


def _reason(unread: Unread, x: float, y: float, room: Room, scene: Scene) -> str:
    """Why it is no number, beside the mark if there is room."""
    words = "pending" if unread.pending else unread.reason
    width = width_of(words, SMALL - 1)
    box = room.first_free(Box(left, y - 6, left + width, y + 6) for left in (x + 10, x - 10 - width))
    style = {"font_size": SMALL - 1, **scene.pen(fill="muted")}
    return text(words, box.left, y + 3.5, **style) if box else ""
