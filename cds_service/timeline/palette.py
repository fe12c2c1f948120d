"""The colours of the drawing by their role, light and dark, as attributes that a page's own style sheet may override.

Told apart by people who do not see red or green, and in a grey print by shape and dash. Every element carries its
colour twice: as an attribute, so that the file stands alone, and as a class (``tl-f-ink``, ``tl-s-grid``).
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cds_service.timeline.markup import Attributes

LIGHT, DARK = "light", "dark"

COLOURS: Final = MappingProxyType(
    {
        LIGHT: MappingProxyType(
            {
                "paper": "#ffffff",
                "ink": "#1b2733",
                "muted": "#5a6772",
                "grid": "#e3e8ec",
                "axis": "#8a97a3",
                "low": "#b3261e",
                "episode": "#b3261e",
                "band-0": "#c0392b",
                "band-1": "#e0722a",
                "band-2": "#eeb422",
                "band-3": "#eedd82",
                "anakinra": "#0b6bab",
                "tocilizumab": "#7a3d9c",
                "other": "#77838e",
                "pending": "#8a6d00",
            }
        ),
        DARK: MappingProxyType(
            {
                "paper": "#14191f",
                "ink": "#e8edf2",
                "muted": "#a3b0bc",
                "grid": "#29323b",
                "axis": "#71808d",
                "low": "#ff8a7d",
                "episode": "#ff8a7d",
                "band-0": "#e0453a",
                "band-1": "#e07a35",
                "band-2": "#d9a521",
                "band-3": "#a8993f",
                "anakinra": "#5fb4ee",
                "tocilizumab": "#cb9be6",
                "other": "#93a1ad",
                "pending": "#e2c04a",
            }
        ),
    }
)

FONT: Final = "'Open Sans', 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Pen:
    """Gives the attributes of a fill and a stroke in one theme."""

    theme: str = LIGHT

    def __call__(self, fill: str = "none", stroke: str = "") -> Attributes:
        """``fill`` and ``stroke`` are roles; "none" fills nothing, "" strokes nothing."""
        colours = COLOURS[self.theme]
        classes = [f"tl-f-{fill}"] if fill != "none" else []
        found: Attributes = {"fill": colours.get(fill, "none")}
        if stroke:
            classes.append(f"tl-s-{stroke}")
            found["stroke"] = colours[stroke]
        return {"class_": " ".join(classes), **found} if classes else found


def style_sheet(theme: str) -> str:
    """The colours of a theme as CSS, for a page that holds the drawing."""
    rules = [f".tl .tl-f-{role}{{fill:{c}}}.tl .tl-s-{role}{{stroke:{c}}}" for role, c in COLOURS[theme].items()]
    return "\n".join(rules)
