"""From JSON pointers to places in the text: one pass over it, and only where something has to be located.

The pass walks the objects and lists on the way to a pointer that is asked for; everything beside the way is skipped by
the decoder of the standard library, at its speed. It trusts that the text is JSON: ``text.read`` has read it.
"""

import re
from collections.abc import Iterable, Iterator
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]  # in the module's documentation, not in its types
from typing import NamedTuple

_SPACE = re.compile(r"[ \t\n\r]*")
_SKIP = JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode


class Places(NamedTuple):
    """Where a member's value begins, and where its name does (for a list's item, the value): indexes into the text."""

    value: int
    name: int


def escape(name: str) -> str:
    """A name as a JSON pointer writes it. https://www.rfc-editor.org/rfc/rfc6901#section-3"""
    return name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name


def locate(text: str, pointers: Iterable[str]) -> dict[str, Places]:
    """The places of ``pointers`` in ``text``; one that leads nowhere gets those of what holds it.

    Of a name that occurs twice the last one counts, as it does to a decoder.
    """
    asked = set(pointers)
    on_the_way = {each for pointer in asked for each in upwards(pointer)}
    start = _space(text, 0)
    found = {"": Places(start, start)}
    _walk(text, "", start, on_the_way, found)
    return {pointer: next(found[each] for each in upwards(pointer) if each in found) for pointer in asked}


def upwards(pointer: str) -> Iterator[str]:
    """The pointer, what holds it, what holds that, up to the whole document."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


def _walk(text: str, pointer: str, start: int, wanted: set[str], found: dict[str, Places]) -> int:
    """Puts the wanted places in the value that begins at ``start`` into ``found``; gives where the value ends."""
    opening = text[start]
    if opening not in "{[":
        return _SKIP(text, start)[1]
    index, number = _space(text, start + 1), 0
    while text[index] not in "}]":
        name_at, key = -1, str(number)
        if opening == "{":
            name_at = index
            name, after = scanstring(text, index + 1)
            key, index = escape(name), _space(text, _space(text, after) + 1)
        child = f"{pointer}/{key}"
        if child in wanted:
            found[child] = Places(index, index if name_at < 0 else name_at)
            index = _walk(text, child, index, wanted, found)
        else:
            index = _SKIP(text, index)[1]
        index, number = _space(text, index), number + 1
        if text[index] == ",":
            index = _space(text, index + 1)
    return index + 1


def _space(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index
