"""Each state of a required prefetch key, on each hook: what an EHR sends, and what it gets back.

The patient is on anakinra with a normal count, so a complete chart is silent; nothing else may be.
"""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.hook_call.calls import NORMAL, ORDER_HOOKS, OUTCOME, bundle, call, chart, order

DRAFT = order("methotrexate", "draft-1", "draft")
CUT = NORMAL | {"link": [{"relation": "next", "url": "http://127.0.0.1:9/fhir?page=2"}]}
CUT_ORDERS = bundle(order()) | {"link": CUT["link"]}
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0}
PATIENT = {"resourceType": "Patient", "id": "neutropenic-1"}
SILENT, CANNOT, NOT_ASSESSED, NO_COUNT = (200, []), (412, []), (200, ["NA"]), (200, ["PV2"])

# key, what it holds, its state in the trace, the answer on patient-view, the answer where methotrexate is ordered
STATES: list[tuple[str, Any, str, Any, Any]] = [
    ("neutrophils", NORMAL, "satisfied", SILENT, SILENT),
    ("neutrophils", None, "null", NO_COUNT, SILENT),
    ("neutrophils", EMPTY, "empty", NO_COUNT, SILENT),
    ("neutrophils", ..., "absent", CANNOT, CANNOT),
    ("neutrophils", OUTCOME, "outcome", NOT_ASSESSED, NOT_ASSESSED),
    ("neutrophils", CUT, "paged", NOT_ASSESSED, NOT_ASSESSED),
    ("neutrophils", "<html>", "unusable", NOT_ASSESSED, NOT_ASSESSED),
    ("neutrophils", PATIENT, "unusable", NOT_ASSESSED, NOT_ASSESSED),
    ("medications", bundle(order()), "satisfied", SILENT, SILENT),
    ("medications", None, "null", SILENT, SILENT),
    ("medications", EMPTY, "empty", SILENT, SILENT),
    ("medications", ..., "absent", CANNOT, CANNOT),
    ("medications", OUTCOME, "outcome", CANNOT, NOT_ASSESSED),
    ("medications", CUT_ORDERS, "paged", NOT_ASSESSED, NOT_ASSESSED),
    ("medications", 42, "unusable", CANNOT, NOT_ASSESSED),
]


@pytest.mark.parametrize(("key", "value", "state", "view", "_"), STATES)
def test_on_a_chart(client: FlaskClient, key: str, value: Any, state: str, view: Any, _: Any) -> None:
    answer = call(client, "patient-view", chart(**{key: value}))
    assert (answer.status, answer.rows) == view
    if answer.status == 200:
        assert answer.trace["prefetch"][key]["state"] == state
    else:
        assert f"prefetch.{key}" in answer.diagnostics


@pytest.mark.parametrize("hook", ORDER_HOOKS)
@pytest.mark.parametrize(("key", "value", "state", "_", "ordered"), STATES)
def test_on_an_order(client: FlaskClient, hook: str, key: str, value: Any, state: str, _: Any, ordered: Any) -> None:
    answer = call(client, hook, chart(**{key: value}), DRAFT)
    assert (answer.status, answer.rows) == ordered
    if answer.status == 200:
        assert answer.trace["prefetch"][key]["state"] == state


@pytest.mark.parametrize("key", ["patient", "labs", "vitals", "conditions"])
@pytest.mark.parametrize("value", [..., None, EMPTY, OUTCOME, "<html>", {"resourceType": "Basic"}])
def test_the_other_keys_serve_warnings_only(client: FlaskClient, key: str, value: Any) -> None:
    answer = call(client, "patient-view", chart(**{key: value}))
    assert (answer.status, answer.rows) == SILENT


def test_without_any_prefetch_and_without_a_server_every_required_key_is_named(client: FlaskClient) -> None:
    answer = call(client, "patient-view", None)
    assert answer.status == 412
    assert "prefetch.medications" in answer.diagnostics
    assert "prefetch.neutrophils" in answer.diagnostics


def test_a_chart_cut_short_with_neither_drug_seen_is_refused(client: FlaskClient) -> None:
    cut = bundle(order("aspirin")) | {"link": CUT["link"]}
    assert call(client, "patient-view", chart(medications=cut)).status == 412
