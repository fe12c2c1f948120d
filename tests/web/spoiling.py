"""Spoil a good body: members lost, of another type, nested, repeated; its bytes cut and changed."""

import json
import math
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Path_ = tuple[str | int, ...]
DEEP = 300
LONGEST = 30_000
"""Of a body that is spoiled once more: a list of thousands is spoiled once."""
ODD = [
    *(None, True, 0, -1, 10**30, 0.1, 1e308, math.nan, math.inf, -math.inf),
    *("", " ", "x" * 5000, "\0", "\ud800", "\udfff\ud800", "\u202e\u2028", "NaN", "1e999", "<b>", "2026-02-30"),
    *([], {}, [[]], [None], {"": {}}, {"resourceType": "Bundle"}, {"resourceType": 5, "id": {}}),
]


def paths(value: Any, at: Path_ = ()) -> list[Path_]:
    """Every place in a JSON value but the whole of it."""
    names = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [*at] and [at]
    return found + [each for name, inner in names for each in paths(inner, (*at, name))]


def spoil(body: Any, path: Path_, how: str, odd: Any) -> None:
    """Changes ``body`` at ``path``."""
    inner = body
    for name in path[:-1]:
        inner = inner[name]
    last = path[-1]
    if how == "delete":
        del inner[last]
    elif how == "retype":
        inner[last] = deepcopy(odd)
    elif how == "nest":
        inner[last] = [inner[last]]
    elif how == "many":
        inner[last] = [odd if odd in (None, 0, {}) else None] * 6000
    elif how == "repeat":
        inner[last] = [inner[last]] * 3
    else:
        for _ in range(DEEP):
            inner[last] = {"resource": inner[last]}


HOW = ["delete", "retype", "retype", "nest", "many", "repeat", "deep"]


@st.composite
def spoiled(draw: st.DrawFn, body: Any, keep: tuple[Path_, ...] = ()) -> Any:
    """``body`` with one to three places spoiled, none of them in ``keep``, above or below."""
    body = deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        if len(str(body)) > LONGEST:
            break
        places = [path for path in paths(body) if not any(_touch(path, each) for each in keep)]
        if places:
            spoil(body, draw(st.sampled_from(places)), draw(st.sampled_from(HOW)), draw(st.sampled_from(ODD)))
    return body


def _touch(one: Path_, other: Path_) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


@st.composite
def as_bytes(draw: st.DrawFn, body: Any) -> bytes:
    """As a client may write it: escaped or not, names twice, in another encoding, cut short, or with bytes changed."""
    text = json.dumps(body)
    how = draw(st.sampled_from(["plain", "plain", "plain", "plain", "twice", "raw", "utf-16", "bom", "cut", "changed"]))
    if how == "twice" and ": " in text:
        name = draw(st.sampled_from(["hook", "resource", "entry", "prefetch", "value", "card", "patientId"]))
        text = text.replace(f'"{name}": ', f'"{name}": null, "{name}": ', draw(st.integers(1, 3)))
    encoded = text.encode()
    if how == "raw":
        encoded = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    elif how == "utf-16":
        encoded = text.encode("utf-16")
    elif how == "bom":
        encoded = b"\xef\xbb\xbf" + encoded
    elif how == "cut":
        encoded = encoded[: draw(st.integers(0, len(encoded)))]
    elif how == "changed" and encoded:
        at = draw(st.integers(0, len(encoded) - 1))
        encoded = encoded[:at] + draw(st.binary(min_size=0, max_size=3)) + encoded[at + 1 :]
    return encoded
