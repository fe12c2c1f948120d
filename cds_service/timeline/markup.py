"""SVG as text: elements, escaping, numbers. No style attribute and no script, ever: a strict page forbids both."""

import re
from collections.abc import Iterable
from html import escape

# What XML 1.0 allows no document to hold (https://www.w3.org/TR/xml/#charsets); a record may hold it all the same.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | float | None
Attributes = dict[str, Value]


def safe(text: str) -> str:
    """Text from a record, for an element or an attribute."""
    return escape(_ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text))


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def tag(name: str, inner: str = "", /, **attributes: Value) -> str:
    """One element; ``inner`` is markup already. ``class_`` and ``stroke_width`` become ``class`` and ``stroke-width``.

    An attribute that is None is left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{safe(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def text(words: str, x: float, y: float, /, **attributes: Value) -> str:
    """A line of text, its baseline at ``y``."""
    return tag("text", safe(words), x=x, y=y, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, /, **attributes: Value) -> str:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def mark(kind: str, words: Iterable[str], sources: Iterable[str], inner: str, place: str = "") -> str:
    """A mark that tells what it is: on hover (``title``), to a screen reader, and by ``data-source`` to a script."""
    told = [each for each in words if each]
    return tag(
        "g",
        tag("title", safe("\n".join(told))) + inner,
        class_=f"tl-mark tl-{kind}",
        tabindex="0",
        role="img",
        aria_label="; ".join(told),
        data_source=" ".join(sources),
        data_date=place or None,
    )
