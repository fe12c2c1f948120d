"""Read any bytes as JSON, as strictly as RFC 8259 and as far as it goes.

What a lenient decoder passes over (a name given twice, NaN, half a surrogate pair) is kept visible in the value, so
that ``readings`` can say where it stands. Numbers are exact: Decimal where they are no integers.
https://www.rfc-editor.org/rfc/rfc8259
"""

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from cds_service.validate.unreadable import Unreadable, position, unreadable

MAX_DEPTH = 200
"""Levels of lists and objects. FHIR resources keep under 30; a reader in another language may stop at 64 or 100."""

MOST_ITEMS = 5000
"""Of one list or object: as many as the service itself reads of a Bundle. Of more, only time would be spent."""

_LARGEST = Decimal("1.7976931348623157e308")
_MOST_DIGITS = 400  # more than a double can hold before the point
_LOOK_AHEAD = 1024
_OTHER_FILES = {
    b"\x1f\x8b": "it is compressed with gzip",
    b"PK": "it is a zip archive",
    b"%PDF": "it is a PDF document",
    b"<": "it is XML or HTML",
}


class Odd(dict[str, Any]):
    """An object some of whose names (``repeated``) occur more than once, where the last of each counts; or the first
    members of one that had ``length``.
    """

    repeated: tuple[str, ...] = ()
    length = 0


class Shortened(list[Any]):
    """The first items of a list that had ``length``."""

    length = 0


class OutOfRange(float):
    """A number beyond what a double holds: most readers take it for Infinity. (A plain float is NaN or Infinity.)"""


class Text(NamedTuple):
    """What was read: the characters, the value, and how they were encoded ("utf-8", "utf-8-sig", "utf-16")."""

    text: str
    value: Any
    encoding: str


def read(body: bytes, what: str = "This") -> Text:
    """``body`` as JSON. Raises Unreadable, in one line that begins with ``what`` is being read."""
    text, encoding = _decoded(body, what)
    if not text.strip():
        raise Unreadable("it is empty", what=what)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as fault:
        raise unreadable(text, fault, what) from None
    except RecursionError:
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels", what=what) from None
    if too_deep(value):
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels", what=what)
    return Text(text, value, encoding)


def too_deep(value: Any) -> bool:
    """Whether ``value`` has more than ``MAX_DEPTH`` levels of lists and objects."""
    level, depth = [value], 0
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            return True
        level = [item for each in level for item in (each.values() if isinstance(each, dict) else each)]
    return False


def _decoded(body: bytes, what: str) -> tuple[str, str]:
    beginning = body[:_LOOK_AHEAD].lstrip()
    for magic, why in _OTHER_FILES.items():
        if beginning.startswith(magic):
            raise Unreadable(why, what=what)
    wide = _utf16(body)
    if wide:
        try:
            return body.decode(wide).removeprefix("\ufeff"), "utf-16"
        except UnicodeDecodeError:
            raise Unreadable("it is neither UTF-8 nor whole UTF-16", what=what) from None
    encoding = "utf-8-sig" if body.startswith(BOM_UTF8) else "utf-8"
    body = body.removeprefix(BOM_UTF8)
    try:
        return body.decode(), encoding
    except UnicodeDecodeError as fault:
        if b"\x00" in body[:_LOOK_AHEAD]:
            raise Unreadable("it is binary", what=what) from None
        before = body[: fault.start].decode()
        why = f"byte {body[fault.start]:#04x} is not UTF-8; save the file as UTF-8"
        raise Unreadable(why, *position(before, len(before)), what=what) from None


def _utf16(body: bytes) -> str:
    """The encoding to try where a byte order mark, or a NUL beside the first bracket, shows UTF-16; else ""."""
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    return {b"{\x00": "utf-16-le", b"[\x00": "utf-16-le", b"\x00{": "utf-16-be", b"\x00[": "utf-16-be"}.get(
        body[:2], ""
    )


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    few = pairs[:MOST_ITEMS]
    members = dict(few)
    for name, value in few:
        if isinstance(value, list) and len(value) > MOST_ITEMS:
            members[name] = _shortened(value)
    if len(members) == len(pairs):
        return members
    odd = Odd(members)
    if len(few) < len(pairs):
        odd.length = len(pairs)
    odd.repeated = _repeated(name for name, _ in few)
    return odd


def _shortened(items: list[Any]) -> Shortened:
    shortened = Shortened(items[:MOST_ITEMS])
    shortened.length = len(items)
    return shortened


def _repeated(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, times in Counter(names).items() if times > 1)


def _number(digits: str) -> Decimal | OutOfRange:
    try:
        number = Decimal(digits)
        return number if number.copy_abs() <= _LARGEST else OutOfRange("inf")
    except InvalidOperation:
        return OutOfRange("inf")


def _integer(digits: str) -> int | OutOfRange:
    if len(digits) > _MOST_DIGITS:
        return OutOfRange("inf")
    number = int(digits)
    return number if abs(number) <= _LARGEST else OutOfRange("inf")


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_float=_number, parse_int=_integer)
