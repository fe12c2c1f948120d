"""Where everything lies: the heading, a lane for each drug, the plot, the strip of unreadable results, the axis."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cds_service.timeline.chart import Bar, Chart, Unread
from cds_service.timeline.labels import Box, Room, width_of
from cds_service.timeline.look import Look
from cds_service.timeline.palette import Pen
from cds_service.timeline.time_axis import TimeAxis, time_axis
from cds_service.timeline.value_axis import ValueAxis, value_axis

SMALL, PLAIN, LARGE = 10.5, 12.0, 17.0
LANE, THIN_LANE, STOP_ROW, STRIP = 26.0, 18.0, 15.0, 24.0
_NARROW = 640
MOST_LANES = 8
_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lane:
    """The row of one drug: its middle and half its bar's height."""

    drug: str
    middle: float
    half: float


@dataclass(frozen=True, slots=True)
class Scene:
    """The chart with its axes and the places of its parts, all in pixels."""

    chart: Chart
    look: Look
    pen: Pen
    time: TimeAxis
    value: ValueAxis
    lanes: tuple[Lane, ...]
    left: float
    right: float
    lanes_top: float
    strip: float | None
    axis: float
    room: Room

    @property
    def wide(self) -> bool:
        """Wide enough for words beside the thresholds."""
        return self.look.width >= _NARROW

    def lane_of(self, drug: str) -> Lane | None:
        return next((lane for lane in self.lanes if lane.drug == drug), None)


def scene_of(chart: Chart, look: Look, above: float, below: float) -> Scene:
    """Lays the chart out; ``above`` and ``below`` are the heights of the heading and of all under the axis."""
    left, right = _left(chart), look.width - (178 if look.width >= _NARROW else 40)
    axis_of_time = time_axis(_instants(chart), left, right)
    lanes_top = above + (2 * STOP_ROW if chart.stops else 4)
    lanes = tuple(_lanes(chart, axis_of_time, lanes_top))
    top = (lanes[-1].middle + lanes[-1].half + 12) if lanes else lanes_top + 4
    has_strip = any(is_on_axis(each, chart) for each in chart.unread)
    axis = look.height - below
    bottom = axis - (STRIP if has_strip else 0)
    bottom = max(bottom, top + 80)
    values = [point.value for point in chart.points]
    return Scene(
        chart=chart,
        look=look,
        pen=Pen(look.theme),
        time=axis_of_time,
        value=value_axis(look.axis, values, top, bottom),
        lanes=lanes,
        left=left,
        right=right,
        lanes_top=lanes_top,
        strip=bottom + STRIP / 2 if has_strip else None,
        axis=bottom + (STRIP if has_strip else 0),
        room=Room(Box(left - 2, above, right + 2, bottom)),
    )


def extra_height(chart: Chart) -> float:
    """What the lanes and the strip add to a drawing without them."""
    thick = len([each for each in chart.lanes[:MOST_LANES] if is_main(each)])
    thin = len(chart.lanes[:MOST_LANES]) - thick
    strip = STRIP if any(is_on_axis(each, chart) for each in chart.unread) else 0
    return thick * LANE + thin * THIN_LANE + strip + (2 * STOP_ROW if chart.stops else 0)


def is_main(drug: str) -> bool:
    return drug in ("anakinra", "tocilizumab")


def is_on_axis(unread: Unread, chart: Chart) -> bool:
    """Dated, and not in a future that would stretch the axis."""
    return unread.when is not None and unread.when.at <= chart.now + _TOLERANCE


def _left(chart: Chart) -> float:
    names = [width_of(drug, PLAIN if is_main(drug) else SMALL) + 22 for drug in chart.lanes]
    least = 84 if any(is_on_axis(each, chart) for each in chart.unread) else 64
    return min(max([least, *names]), 150)


def _lanes(chart: Chart, axis: TimeAxis, top: float) -> Iterator[Lane]:
    y = top
    for drug in chart.lanes[:MOST_LANES]:
        if not any(is_in_sight(bar, axis) for bar in chart.bars if bar.drug == drug):
            continue
        height = LANE if is_main(drug) else THIN_LANE
        yield Lane(drug, y + height / 2, height * 0.3)
        y += height


def is_in_sight(bar: Bar, axis: TimeAxis) -> bool:
    """Some of it lies on the axis; one without any date lies nowhere."""
    if bar.start is None and bar.end is None:
        return False
    return bar.end is None or bar.end.at >= axis.segments[0].begins


def _instants(chart: Chart) -> list[datetime]:
    """What the axis must hold: counts, results, the two drugs, now; other drugs only if they do not stretch it."""
    main = [bar for bar in chart.bars if is_main(bar.drug)]
    fixed = [
        *(point.when.at for point in chart.points),
        *(each.when.at for each in chart.unread if each.when and is_on_axis(each, chart)),
        *(when.at for bar in main for when in (bar.start, bar.end) if when),
        *(each.when.at for each in chart.given if is_main(each.drug)),
        chart.now,
    ]
    if len(set(fixed)) == 1:
        fixed.append(chart.now - timedelta(days=30))
    first, last = min(fixed), max(fixed)
    margin = max((last - first) * 0.15, timedelta(days=3))
    others = [bar for bar in chart.bars if not is_main(bar.drug)]
    beside = [when.at for bar in others for when in (bar.start, bar.end) if when]
    return fixed + [at for at in beside if first - margin <= at <= last]
