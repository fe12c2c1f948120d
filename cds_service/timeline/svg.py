"""A chart as one SVG document that stands alone: no script, no style, nothing fetched, every text escaped.

Each mark is a group with a ``title`` (shown on hover without any script), an ``aria-label``, ``data-source`` with the
FHIR resource it rests on, and a place in the order of the Tab key. Same chart, same look: the same bytes.
"""

from dataclasses import replace

from cds_service.advice.dates import date_text
from cds_service.timeline.chart import SHOWN_UNIT, Chart
from cds_service.timeline.draw_counts import counts
from cds_service.timeline.draw_exposures import exposures
from cds_service.timeline.draw_frame import frame
from cds_service.timeline.labels import wrapped
from cds_service.timeline.layout import LARGE, PLAIN, Scene, extra_height, scene_of
from cds_service.timeline.legend import height_of, legend, notes_of
from cds_service.timeline.look import Look
from cds_service.timeline.markup import safe, tag, text
from cds_service.timeline.palette import FONT

_BARE, _PLOT, _AXIS = 12.0, 330.0, 48.0
_PADDING = 16.0
_LEAST = 280
_PLAIN = Look()


def svg_of(chart: Chart, look: Look = _PLAIN) -> str:
    """The drawing. A ``look`` without a height gets the one that suits the chart."""
    look = replace(look, width=max(look.width, _LEAST))
    lines = _heading_lines(chart, look)
    above = sum(height for _, height in lines) + _BARE
    below = _AXIS + height_of(chart, look.width - 2 * _PADDING) + 4
    scene = scene_of(chart, _sized(look, chart, above + below), above, below)
    # A height too small for its lanes is not kept: nothing may be cut off at the foot.
    look = replace(scene.look, height=max(scene.look.height, round(scene.axis + below)))
    key = legend(chart, _PADDING, scene.axis + _AXIS, look.width - 2 * _PADDING, scene.pen)
    body = (
        tag("rect", width=look.width, height=look.height, **scene.pen(fill="paper")),
        _heading(lines, scene),
        frame(scene),
        exposures(scene),
        counts(scene),
        key,
    )
    return tag(
        "svg",
        tag("title", safe(title_of(chart)), id="tl-title")
        + tag("desc", safe(_described(chart)), id="tl-desc")
        + "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        class_=f"tl tl-{look.theme}",
        viewBox=f"0 0 {look.width} {look.height}",
        width=look.width,
        height=look.height,
        role="group",
        aria_labelledby="tl-title tl-desc",
        lang="en",
        font_family=FONT,
    )


def _sized(look: Look, chart: Chart, around: float) -> Look:
    height = look.height or round(around + _PLOT + extra_height(chart))
    return replace(look, height=max(height, _LEAST))


def title_of(chart: Chart) -> str:
    drugs = [drug for drug in ("anakinra", "tocilizumab") if drug in chart.lanes]
    return "Neutrophils" + (f" and {' and '.join(drugs)}" if drugs else "") + f": Patient/{chart.patient}"


def _summary(chart: Chart) -> str:
    """In a few sentences, for whoever does not see the drawing."""
    if not chart.points:
        said = ["No neutrophil count on record."]
    else:
        said = [f"{_many(len(chart.points), 'neutrophil count')} {_range(chart)}."]
    if chart.spells:
        said.append(f"{_many(len(chart.spells), 'neutropenia episode')} on anakinra.")
    if chart.unread:
        said.append(f"{_many(len(chart.unread), 'neutrophil result')} pending or not readable.")
    return " ".join(said)


def _described(chart: Chart) -> str:
    """The summary, and what could not be drawn, which the drawing says at its foot."""
    return " ".join([_summary(chart), *(f"{note}." for note in notes_of(chart))])


def _range(chart: Chart) -> str:
    """From when to when, the lowest and the latest number; one that is only inferred is not told as a number."""
    first, last = chart.points[0].when.day, chart.points[-1].when.day
    dates = f"from {date_text(first)} to {date_text(last)}" if first != last else f"on {date_text(first)}"
    numbers = [point for point in chart.points if not point.remark.number_open]
    if not numbers:
        return f"{dates}, the numbers inferred"
    if len(numbers) == len(chart.points) == 1:
        return f"{dates}: {numbers[0].text} {SHOWN_UNIT}"
    lowest = f"lowest {min(numbers, key=lambda point: point.value).text} {SHOWN_UNIT}"
    latest = f"latest {numbers[-1].text} {SHOWN_UNIT}" if numbers[-1] is chart.points[-1] else "latest only inferred"
    return f"{dates}; {lowest}, {latest}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _heading_lines(chart: Chart, look: Look) -> list[tuple[str, float]]:
    """Each line with its height: the title, and the summary below; none where the page has a heading of its own."""
    if not look.heading:
        return []
    width = look.width - 2 * _PADDING
    titles = [(words, LARGE + 7) for words in wrapped(title_of(chart), width, LARGE)]
    return titles + [(words, PLAIN + 4) for words in wrapped(_summary(chart), width, PLAIN)]


def _heading(lines: list[tuple[str, float]], scene: Scene) -> str:
    pieces, y = [], _BARE / 2
    for words, height in lines:
        y += height
        is_title = height > LARGE
        style = scene.pen(fill="ink" if is_title else "muted")
        size, weight = (LARGE, "600") if is_title else (PLAIN, None)
        pieces.append(text(words, _PADDING, y - 4, font_size=size, font_weight=weight, **style))
    return "".join(pieces)
