"""What the fuzzer feeds to the service, how it changes that, and what must hold for every answer.

An input is one byte that chooses the address, and the body that is posted there.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from flask.testing import FlaskClient

from tests.web.good_requests import BODIES, RESTS_ON, answered
from tests.web.spoiling import HOW, ODD, Path_, paths, spoil

ADDRESSES = tuple(dict.fromkeys(address for address, _ in BODIES.values()))
Change = Callable[[bytes, int], bytes]
_OTHER_BYTES = 1 / 3
_NOTHING = object()


def seeds() -> Iterator[tuple[str, bytes]]:
    """Good requests, by name."""
    for name, (address, body) in BODIES.items():
        yield name, bytes([ADDRESSES.index(address)]) + json.dumps(body).encode()


def check(service: FlaskClient, given: bytes) -> None:
    """The answer is one of ours; and no silence, while what says that the neutrophils are low stands as it was."""
    if not given:
        return
    address, body = ADDRESSES[given[0] % len(ADDRESSES)], given[1:]
    status, told = answered(service, address, body)
    if status == 200 and "cards" in told and _is_low(address, _json(body)):
        assert told["cards"], body


def change(given: bytes, most: int, seed: int, change_bytes: Change) -> bytes:
    """The input with one place of its JSON spoiled, or put in another's stead; at times with its bytes changed.

    At most so many bytes long. Bytes alone would seldom reach past the reader of JSON.
    """
    draw = Random(seed)
    body, places = _body_and_places(given)
    if not places or draw.random() < _OTHER_BYTES:
        return change_bytes(given, most)
    at, how = draw.choice(places), draw.choice([*HOW, "graft"])
    odd = deepcopy(_at(body, draw.choice(places))) if how == "graft" else draw.choice(ODD)
    spoil(body, at, "retype" if how == "graft" else how, odd)
    spoiled = given[:1] + json.dumps(body).encode()
    return spoiled if len(spoiled) <= most else change_bytes(given, most)


def _body_and_places(given: bytes) -> tuple[Any, list[Path_]]:
    """No places in what is no JSON, or too deep to walk through."""
    body = _json(given[1:])
    try:
        return body, paths(body)
    except RecursionError:
        return None, []


def _is_low(address: str, body: Any) -> bool:
    hook = body.get("hook") if isinstance(body, dict) else None
    if not isinstance(hook, str) or hook not in BODIES or BODIES[hook][0] != address:
        return False
    good = BODIES[hook][1]
    return all(_at(body, path) == _at(good, path) for path in RESTS_ON)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _at(body: Any, path: Path_) -> Any:
    for name in path:
        try:
            body = body[name]
        except (KeyError, IndexError, TypeError):
            return _NOTHING
    return body
