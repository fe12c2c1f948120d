"""Names and kinds of values in words, for messages. Never a value itself: it may be a patient's."""

from collections.abc import Iterable
from typing import Any

_LONGEST_NAME = 60


def kind_of(value: Any) -> str:
    """What a value is: "text", "an empty list"."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text" if value else "empty text"
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "a number"


def name_of(name: str) -> str:
    """A member's name from a foreign payload, fit for a message: one short line without control characters."""
    return shown(name, _LONGEST_NAME)


def shown(text: str, longest: int = 200) -> str:
    """``text`` on one line, cut, and without characters that a terminal would act on."""
    clean = "".join(each if each.isprintable() else "?" for each in text)
    return clean if len(clean) <= longest else f"{clean[: longest - 3]}..."


def label(path: Iterable[str | int]) -> str:
    """The last part of a path as people write it: "summary", "cards[0]", or "The payload"."""
    parts = list(path)
    index = ""
    while parts and isinstance(parts[-1], int):
        index = f"[{parts.pop()}]{index}"
    return name_of(str(parts[-1])) + index if parts else f"The payload{index}"


def label_of(pointer: str) -> str:
    """The same for a JSON pointer."""
    parts = [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]]
    return label([int(each) if each.isascii() and each.isdigit() else each for each in parts])


def either(words: Iterable[str]) -> str:
    """ "info, warning or critical"."""
    *rest, last = words
    return f"{', '.join(rest)} or {last}" if rest else last
