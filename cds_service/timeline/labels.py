"""Finds room for words: a label goes to the first of its places that is free, or is left out (the mark still tells)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_CELL = 24.0
_NARROW, _WIDE = frozenset("ijlt.,:;'|! ()/fr1"), frozenset("mwMW%@")


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Room:
    """What is taken already, by cells of a grid, so that a thousand marks cost no more than they must."""

    def __init__(self, bounds: Box) -> None:
        self._bounds = bounds
        self._cells: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box) -> None:
        for cell in _cells(box):
            self._cells[cell].append(box)

    def is_free(self, box: Box) -> bool:
        inside = (
            self._bounds.left <= box.left
            and box.right <= self._bounds.right
            and self._bounds.top <= box.top
            and box.bottom <= self._bounds.bottom
        )
        return inside and not any(box.touches(other) for cell in _cells(box) for other in self._cells.get(cell, ()))

    def first_free(self, boxes: Iterable[Box]) -> Box | None:
        """The first free one, which is taken with that (and a little beside it); None if none is."""
        for box in boxes:
            if self.is_free(box):
                self.take(Box(box.left - 2, box.top, box.right + 2, box.bottom))
                return box
        return None


def _cells(box: Box) -> Iterable[tuple[int, int]]:
    return (
        (x, y)
        for x in range(int(box.left // _CELL), int(box.right // _CELL) + 1)
        for y in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1)
    )


def wrapped(words: str, width: float, size: float) -> list[str]:
    """The words in as many lines as it takes, broken at blanks."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def width_of(words: str, size: float) -> float:
    """About how wide a text will be; fonts differ, so rather too wide."""
    return size * sum(0.36 if c in _NARROW else 0.9 if c in _WIDE else 0.68 if c.isupper() else 0.58 for c in words)
