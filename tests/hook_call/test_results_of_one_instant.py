"""Results of one instant that differ, and nothing says which is right: the lowest is told, and that others differ."""

from itertools import permutations

import pytest
from flask.testing import FlaskClient

from tests.hook_call.calls import ago, bundle, call, chart, count

AT = {"effectiveDateTime": ago(days=1)}
LOW, NORMAL, HIGH = 0.4, 4.2, 9.9


@pytest.mark.parametrize("named", list(permutations(("anc-1", "anc-2", "anc-3"))))
def test_whatever_they_are_called(client: FlaskClient, named: tuple[str, ...]) -> None:
    results = [count(value, id_) | AT for value, id_ in zip((LOW, NORMAL, HIGH), named, strict=True)]
    answer = call(client, "patient-view", chart(neutrophils=bundle(*results)))
    assert answer.rows == ["PV10"]
    assert "the lowest of several results of that specimen or time" in answer.body["cards"][0]["detail"]
    (told,) = answer.trace["facts"]["counts"]
    assert told["sources"] == [f"Observation/{named[0]}"]
    assert set(told["differing"]) == {f"Observation/{each}" for each in named[1:]}


def test_two_that_say_the_same_are_not_called_different(client: FlaskClient) -> None:
    answer = call(client, "patient-view", chart(neutrophils=bundle(count(LOW) | AT, count(LOW, "anc-2") | AT)))
    assert "several results" not in answer.body["cards"][0]["detail"]
    assert "differing" not in answer.trace["facts"]["counts"][0]


def test_a_later_issue_is_a_correction(client: FlaskClient) -> None:
    first = count(LOW, "anc-2") | AT | {"issued": ago(hours=20)}
    corrected = count(NORMAL) | AT | {"issued": ago(hours=1)}
    assert call(client, "patient-view", chart(neutrophils=bundle(first, corrected))).rows == []
