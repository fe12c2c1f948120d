"""Every pointer leads to where its value, and its name, stand in the text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.validate.locate import Places, escape, locate

SPACE = st.text(alphabet=" \n\t\r", max_size=3)
NAME = st.text(max_size=4) | st.sampled_from(["a/b", "~", "~1", '"', "\\"])
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAME, inner, max_size=4),
    max_leaves=20,
)


class Writer:
    """Writes JSON with white space anywhere, and remembers where it wrote what."""

    def __init__(self, space: Any) -> None:
        self.text, self.places, self.space = "", {}, space

    def write(self, value: Any, pointer: str = "", name: int | None = None) -> None:
        self.text += self.space()
        start = len(self.text)
        self.places[pointer] = Places(start, start if name is None else name)
        if isinstance(value, dict):
            self._all("{", "}", [(pointer + "/" + escape(each), value[each], each) for each in value])
        elif isinstance(value, list):
            self._all("[", "]", [(f"{pointer}/{index}", each, None) for index, each in enumerate(value)])
        else:
            self.text += json.dumps(value)
        self.text += self.space()

    def _all(self, opening: str, closing: str, parts: list[tuple[str, Any, str | None]]) -> None:
        self.text += opening + self.space()
        for number, (pointer, value, name) in enumerate(parts):
            self.text += ("," if number else "") + self.space()
            at = None
            if name is not None:
                at = len(self.text)
                self.text += json.dumps(name) + self.space() + ":"
            self.write(value, pointer, at)
        self.text += closing


@given(st.data(), VALUE)
def test_every_place_is_where_it_was_written(data: st.DataObject, value: Any) -> None:
    writer = Writer(lambda: data.draw(SPACE))
    writer.write(value)
    assert locate(writer.text, writer.places) == writer.places
    for pointer, places in writer.places.items():
        assert locate(writer.text, [pointer]) == {pointer: places}, "one alone is found as all are"


@pytest.mark.parametrize(
    ("text", "pointer", "value", "name"),
    [
        ('{"a": 1}', "/b", 0, 0),
        ('{"a": [1, 2]}', "/a/7/x", 6, 1),
        ('{"a": 1, "a": 2}', "/a", 14, 9),
        ('{"a": {"b": 1}, "a": {"b": 2}}', "/a/b", 27, 22),
        ("7", "/a", 0, 0),
    ],
)
def test_what_is_not_there_is_where_its_holder_is_and_the_last_name_counts(
    text: str, pointer: str, value: int, name: int
) -> None:
    assert locate(text, [pointer]) == {pointer: Places(value, name)}
