"""The JSON that leaves the service."""

import json
from decimal import Decimal

import msgspec
import pytest

from cds_service.hooks.response import EXTENSION, encode, hook_response, operation_outcome, present


@pytest.mark.parametrize(
    ("value", "json_text"),
    [
        (Decimal("0.960"), b"0.960"),
        (Decimal("12"), b"12"),
        (msgspec.Raw(b'{"a": 1}'), b'{"a": 1}'),
        ("é", '"é"'.encode()),
    ],
)
def test_values_leave_as_they_were_recorded(value, json_text):
    assert encode({"x": value}) == b'{"x":' + json_text + b"}"


def test_a_response_has_cards_and_no_system_actions():
    assert json.loads(hook_response([])) == {"cards": []}


def test_the_trace_goes_under_one_reverse_dns_key():
    assert json.loads(hook_response([], {"rules": ["PV5"]})) == {
        "cards": [],
        "extension": {EXTENSION: {"rules": ["PV5"]}},
    }


def test_an_outcome_has_one_issue_for_each_message():
    assert json.loads(operation_outcome("invalid", ["a", "b"], "id-1")) == {
        "resourceType": "OperationOutcome",
        "id": "id-1",
        "issue": [
            {"severity": "error", "code": "invalid", "diagnostics": "a"},
            {"severity": "error", "code": "invalid", "diagnostics": "b"},
        ],
    }
    assert "id" not in json.loads(operation_outcome("invalid", ["a"]))


def test_members_without_a_value_are_left_out():
    assert present(a=None, b="", c=[], d={}, e=(), f=0, g=False, h="x") == {"f": 0, "g": False, "h": "x"}
