"""The small shapes, each around its point ``x``, ``y``; the legend draws the same ones.

A count is round if measured, a diamond if calculated, a triangle if only a limit ("<0.5"). Its filling says how sure it
is: full as recorded, half if approximate, a dashed ring if inferred (with a core if only its day is).
"""

from cds_service.fhir.read.remarks import Certainty
from cds_service.timeline.chart import Point
from cds_service.timeline.markup import Attributes, line, tag
from cds_service.timeline.palette import Pen

RADIUS = 4.6


def count_shape(point: Point, x: float, y: float, pen: Pen, radius: float = RADIUS) -> str:
    role = role_of(point)
    whole, half = _paths(point, x, y, radius)
    certainty = point.remark.certainty
    if certainty is Certainty.STATED:
        return tag("path", d=whole, stroke_width=1.2, **pen(fill=role, stroke="paper"))
    if certainty is Certainty.INFERRED:
        ring = tag("path", d=whole, stroke_width=1.6, stroke_dasharray="2.4 1.8", **pen(fill="paper", stroke=role))
        core = _paths(point, x, y, radius * 0.45)[0]
        return ring if point.remark.number_open else ring + tag("path", d=core, **pen(fill=role))
    ring = tag("path", d=whole, stroke_width=1.6, **pen(fill="paper", stroke=role))
    return ring + tag("path", d=half, **pen(fill=role))


def role_of(point: Point) -> str:
    """The colour of a count: one that has a grade is low."""
    return "low" if point.scale else "ink"


def _paths(point: Point, x: float, y: float, r: float) -> tuple[str, str]:
    """The whole shape and its left half."""
    if point.comparator:
        down, r = (1 if point.comparator.startswith("<") else -1), r * 1.25
        base, tip = y - down * r * 0.7, y + down * r
        left = f"M{x:.1f} {base:.1f}L{x - r:.1f} {base:.1f}L{x:.1f} {tip:.1f}"
        return f"{left}L{x + r:.1f} {base:.1f}Z", f"{left}Z"
    if point.calculated:
        r *= 1.25
        left = f"M{x:.1f} {y - r:.1f}L{x - r:.1f} {y:.1f}L{x:.1f} {y + r:.1f}"
        return f"{left}L{x + r:.1f} {y:.1f}Z", f"{left}Z"
    left = f"M{x:.1f} {y - r:.1f}A{r:.1f} {r:.1f} 0 0 0 {x:.1f} {y + r:.1f}"
    return f"{left}A{r:.1f} {r:.1f} 0 0 0 {x:.1f} {y - r:.1f}Z", f"{left}Z"


def day_open_shape(x: float, y: float, pen: Pen, role: str = "ink") -> str:
    """Whiskers to both sides: the day is not known."""
    return tag("path", d=f"M{x - 11:.1f} {y:.1f}h22m0 -3v6m-22 -6v6", **pen(stroke=role))


def unreadable_shape(x: float, y: float, pen: Pen) -> str:
    cross = tag("path", d=f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8", stroke_width=2.4, **pen(stroke="low"))
    return tag("circle", cx=x, cy=y, r=7, **pen(fill="paper")) + cross


def pending_shape(x: float, y: float, pen: Pen) -> str:
    ring = tag("circle", cx=x, cy=y, r=5, stroke_width=1.6, **pen(fill="paper", stroke="pending"))
    return ring + tag("path", d=f"M{x:.1f} {y - 3:.1f}v3h2.5", stroke_width=1.4, **pen(stroke="pending"))


def stopped_shape(x: float, y: float, pen: Pen, role: str = "low") -> str:
    style: Attributes = pen(fill=role, stroke="paper")
    return tag("rect", x=x - 4.5, y=y - 6, width=9, height=12, stroke_width=1, **style)


def held_shape(x: float, y: float, pen: Pen, role: str = "low") -> str:
    style: Attributes = pen(fill=role, stroke="paper")
    return "".join(
        tag("rect", x=left, y=y - 7, width=4.2, height=14, stroke_width=1, **style) for left in (x - 4.8, x + 0.6)
    )


def dose_shape(x: float, y: float, pen: Pen) -> str:
    """An arrow that points down to the curve."""
    shaft = line(x, y - 8, x, y + 3, stroke_width=1.4, **pen(stroke="ink"))
    return shaft + tag("path", d=f"M{x - 3:.1f} {y + 2:.1f}h6L{x:.1f} {y + 8:.1f}Z", **pen(fill="ink"))


def unsure_bar_shape(x: float, y: float, pen: Pen, role: str = "anakinra") -> str:
    style: Attributes = {
        "fill_opacity": "0.4",
        "stroke_width": 1.2,
        "stroke_dasharray": "4 3",
        **pen(fill=role, stroke=role),
    }
    return tag("rect", x=x - 10, y=y - 5, width=20, height=10, **style)
