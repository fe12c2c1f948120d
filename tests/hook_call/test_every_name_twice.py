"""Every name of every resource given twice, one at a time, of which readers keep the last: no rule is CLEAR on it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.hook_call.calls import QUIET, bundle, call, not_evaluated, order
from tests.hook_call.test_spoiled_one_by_one import GONE, paths, spoiled


def names_twice(value: Any) -> Iterator[tuple[str, str]]:
    """The JSON of ``value`` once for each name in it, said twice there: last, what it was."""
    for path in paths(value):
        *holders, name = path
        if isinstance(name, str):
            marked = spoiled(value, path, GONE)
            holder: Any = marked
            for each in holders:
                holder = holder[each]
            holder[MARK] = None
            old: Any = value
            for each in path:
                old = old[each]
            hidden = "hidden" if isinstance(old, str) else old
            twice = f'"{name}": {json.dumps(hidden)}, "{name}": {json.dumps(old)}'
            yield "/".join(map(str, path)), json.dumps(marked).replace(f'"{MARK}": null', twice)


MARK = "name to be said twice"


class Typed:
    """A client to which one prefetch value is sent as typed, byte for byte."""

    def __init__(self, client: FlaskClient, key: str, text: str) -> None:
        self.client, self.key, self.text = client, key, text

    def post(self, url: str, data: str) -> Any:
        body = json.loads(data)
        body["prefetch"][self.key] = MARK
        return self.client.post(url, data=json.dumps(body).replace(f'"{MARK}"', self.text))


DRAFTED = {"patient-view": (), "order-sign": (order("tocilizumab", "draft-1", "draft"),)}
READS = {
    ("patient-view", "labs"): {"M1", "M1b", "L3"},
    ("order-sign", "labs"): {"M1", "M1b", "L1"},
    ("order-sign", "vitals"): {"W1"},
    ("order-sign", "patient"): {"W1"},
}
"""The rules that would have said CLEAR on what the key holds. None does for the conditions and, on a chart without
orders, for weight and age: they bear on which card a finding becomes, and on doses."""


@pytest.mark.parametrize("hook", DRAFTED)
@pytest.mark.parametrize("key", list(QUIET))
def test_every_name_twice(client: FlaskClient, hook: str, key: str) -> None:
    """Readers keep the last: whatever was said first, no rule that reads the key is CLEAR, and the trace says why."""
    whole = QUIET if hook == "patient-view" else QUIET | {"medications": None}
    if whole[key] is None:
        whole = whole | {"medications": bundle(order("aspirin"))}
    quiet = call(client, hook, whole, *DRAFTED[hook])
    assert (quiet.rows, not_evaluated(quiet)) == ([], set())
    for where, text in names_twice(whole[key]):
        answer = call(Typed(client, key, text), hook, whole, *DRAFTED[hook])  # type: ignore[arg-type]
        if key in ("neutrophils", "medications"):
            assert answer.rows == ["NA"] or answer.status == 412, where
        else:
            assert not_evaluated(answer) >= READS.get((hook, key), set()), where
            assert answer.trace["prefetch"][key]["extent"] == "partial", where
            assert "a name occurs twice in " in answer.trace["prefetch"][key]["reason"], where
