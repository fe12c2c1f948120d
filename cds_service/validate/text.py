"""Read any bytes as JSON, as strictly as RFC 8259 and as far as it goes.

What a lenient decoder passes over (a name given twice, NaN, half a surrogate pair) is kept visible in the value, so
that ``readings`` can say where it stands. Numbers are exact: Decimal where they are no integers.
https://www.rfc-editor.org/rfc/rfc8259
"""

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from cds_service.errors import CdsError

MAX_DEPTH = 200
"""Levels of lists and objects. FHIR resources keep under 30; a reader in another language may stop at 64 or 100."""

_LARGEST = Decimal("1.7976931348623157e308")
_MOST_DIGITS = 400  # more than a double can hold before the point
_LOOK_AHEAD = 1024
_OTHER_FILES = {
    b"\x1f\x8b": "it is compressed with gzip",
    b"PK": "it is a zip archive",
    b"%PDF": "it is a PDF document",
    b"<": "it is XML or HTML",
}
_SAID = {
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Unterminated string starting at": "the text that begins here never ends",
    "Invalid control character at": "a line break, tab or other control character stands inside a text",
    "Invalid \\escape": "this escape is none of JSON's",
    "Invalid \\uXXXX escape": "\\u needs four hexadecimal digits",
    "Extra data": "something follows after the end of the JSON value",
}


class Unreadable(CdsError):  # noqa: N818  named as a reader of the code would say it
    """The input is no JSON at all; ``line`` and ``column`` (from 1, in characters) say where reading ended."""

    status = 400
    issue_code = "invalid"

    def __init__(self, why: str, line: int = 1, column: int = 1) -> None:
        self.line, self.column = line, column
        super().__init__(f"This is no readable JSON: {why} (line {line}, column {column}).")


class Repeating(dict[str, Any]):
    """An object some of whose names occur more than once; the last of each counts."""

    names: tuple[str, ...] = ()


class OutOfRange(float):
    """A number beyond what a double holds: most readers take it for Infinity. (A plain float is NaN or Infinity.)"""


class Text(NamedTuple):
    """What was read: the characters, the value, and how they were encoded ("utf-8", "utf-8-sig", "utf-16")."""

    text: str
    value: Any
    encoding: str


def read(body: bytes) -> Text:
    """``body`` as JSON. Raises Unreadable, in one line."""
    text, encoding = _decoded(body)
    if not text.strip():
        raise Unreadable("it is empty")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as fault:
        raise _unreadable(text, fault) from None
    except RecursionError:
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels") from None
    if too_deep(value):
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels")
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


def position(text: str, index: int) -> tuple[int, int]:
    """The line and the column of a character, from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _decoded(body: bytes) -> tuple[str, str]:
    for magic, why in _OTHER_FILES.items():
        if body.lstrip().startswith(magic):
            raise Unreadable(why)
    wide = _utf16(body)
    if wide:
        try:
            return body.decode(wide).removeprefix("\ufeff"), "utf-16"
        except UnicodeDecodeError:
            raise Unreadable("it is neither UTF-8 nor whole UTF-16") from None
    encoding = "utf-8-sig" if body.startswith(BOM_UTF8) else "utf-8"
    body = body.removeprefix(BOM_UTF8)
    try:
        return body.decode(), encoding
    except UnicodeDecodeError as fault:
        if b"\x00" in body[:_LOOK_AHEAD]:
            raise Unreadable("it is binary") from None
        before = body[: fault.start].decode()
        why = f"byte {body[fault.start]:#04x} is not UTF-8; save the file as UTF-8"
        raise Unreadable(why, *position(before, len(before))) from None


def _utf16(body: bytes) -> str:
    """The encoding to try where a byte order mark, or a NUL beside the first bracket, shows UTF-16; else ""."""
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    return {b"{\x00": "utf-16-le", b"[\x00": "utf-16-le", b"\x00{": "utf-16-be", b"\x00[": "utf-16-be"}.get(
        body[:2], ""
    )


def _unreadable(text: str, fault: json.JSONDecodeError) -> Unreadable:
    index = fault.pos
    at = text[index : index + 1]
    before = text[:index].rstrip()[-1:]
    why = _SAID.get(fault.msg, "")
    if not text[index:].strip() and before:
        why = "it ends too early, as if cut short"
    elif not why or at in ("'", "/"):
        why = _unexpected(at, before)
    return Unreadable(why, *position(text, index))


def _unexpected(at: str, before: str) -> str:
    if at == "'":
        return "names and texts need double quotes"
    if at == "/":
        return "JSON has no comments"
    if at in ("}", "]", ",") and before == ",":
        return "a comma stands before nothing"
    if at == "\x00":
        return "a NUL character stands here"
    return "a value or a name in double quotes was expected here"


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    repeating, seen, twice = Repeating(members), set[str](), dict[str, None]()
    for name, _ in pairs:
        if name in seen:
            twice[name] = None
        seen.add(name)
    repeating.names = tuple(twice)
    return repeating


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
