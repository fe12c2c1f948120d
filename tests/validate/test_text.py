"""Any bytes are read as JSON as far as they are any, or refused in one line that says where and why."""

import json
import math
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.validate import Unreadable
from cds_service.validate.text import MAX_DEPTH, MOST_ITEMS, OutOfRange, read

DEEP = "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)


@pytest.mark.parametrize(
    ("body", "says", "line", "column"),
    [
        (b"", "it is empty", 1, 1),
        (b" \n\t", "it is empty", 1, 1),
        (b"\xef\xbb\xbf", "it is empty", 1, 1),
        (b'{\n "a": [1, 2', "it ends too early, as if cut short", 2, 12),
        (b'{"a": "b', "the text that begins here never ends", 1, 7),
        (b'{"a": 1,}', "a comma stands before nothing", 1, 9),
        (b"[1,]", "a comma stands before nothing", 1, 4),
        (b"{'a': 1}", "names and texts need double quotes", 1, 2),
        (b"{a: 1}", "a value or a name in double quotes was expected here", 1, 2),
        (b'{"a" 1}', "a colon is missing", 1, 6),
        (b'{"a": 1 "b": 2}', "a comma or a closing bracket is missing", 1, 9),
        (b'{"a": 1 /* one */}', "JSON has no comments", 1, 9),
        (b"// a\n{}", "JSON has no comments", 1, 1),
        (b'{"a": "b\nc"}', "a line break, tab or other control character", 1, 9),
        (b'{"a": "\\x"}', "this escape is none of JSON's", 1, 8),
        (b'{"a": "\\u12"}', "\\u needs four hexadecimal digits", 1, 9),
        (b"{}\n{}", "something follows after the end", 2, 1),
        ('{"ä": "é'.encode("latin-1"), "byte 0xe4 is not UTF-8", 1, 3),
        (b'{"a":\n "\xff"}', "byte 0xff is not UTF-8", 2, 3),
        (b"\x1f\x8b\x08\x00", "it is compressed with gzip", 1, 1),
        (b"PK\x03\x04", "it is a zip archive", 1, 1),
        (b"%PDF-1.7", "it is a PDF document", 1, 1),
        (b"\n<!DOCTYPE html>", "it is XML or HTML", 1, 1),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is binary", 1, 1),
        (b"\x00\x00", "a NUL character stands here", 1, 1),
        ("{".encode("utf-16") + b"\x00", "it is neither UTF-8 nor whole UTF-16", 1, 1),
        (DEEP.encode(), f"it is nested deeper than {MAX_DEPTH} levels", 1, 1),
        (b"[" * 100_000, f"it is nested deeper than {MAX_DEPTH} levels", 1, 1),
    ],
)
def test_what_is_no_json_is_one_line_with_its_place(body: bytes, says: str, line: int, column: int) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(body)
    assert says in refusal.value.message
    assert f"(line {line}, column {column})" in refusal.value.message
    assert (refusal.value.line, refusal.value.column) == (line, column)
    assert "\n" not in refusal.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_that_tools_save_are_read(encoding: str) -> None:
    assert read('{"name": "Müller 🩺"}'.encode(encoding)).value == {"name": "Müller 🩺"}


def test_numbers_are_exact() -> None:
    assert read(b"[0.10, 1e3, 7, -0]").value == [Decimal("0.10"), Decimal(1000), 7, 0]


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "1e999999999999999999999", "9" * 5000, "1" + "0" * 309, "-" + "9" * 5000]
)
def test_a_number_beyond_a_double_is_marked(number: str) -> None:
    assert isinstance(read(number.encode()).value, OutOfRange)


def test_constants_that_json_has_no_words_for_are_plain_floats() -> None:
    nan, infinity = read(b"[NaN, -Infinity]").value
    assert math.isnan(nan)
    assert math.isinf(infinity)
    assert not isinstance(nan, OutOfRange)


def test_a_name_given_twice_is_kept_in_sight() -> None:
    value = read(b'{"a": 1, "b": 2, "a": 3, "a": 4}').value
    assert (value, value.repeated) == ({"a": 4, "b": 2}, ("a",))


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(Unreadable):
        read(body)


def test_of_a_long_list_and_a_large_object_the_beginning_is_kept_and_the_length_known() -> None:
    many = MOST_ITEMS + 7
    members = ", ".join(f'"n{each}": {each}' for each in range(many))
    value = read(f'{{"list": {list(range(many))}, "object": {{{members}}}}}'.encode()).value
    assert (value["list"], value["list"].length) == (list(range(MOST_ITEMS)), many)
    assert (len(value["object"]), value["object"].length) == (MOST_ITEMS, many)


def test_as_many_as_are_checked_are_left_as_they_are() -> None:
    value = read(json.dumps({"list": [0] * MOST_ITEMS}).encode()).value
    assert type(value["list"]) is list
