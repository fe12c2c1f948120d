"""More entries than any chart has: never slow, never silent. What is not read is named, or the call is refused."""

import pytest
from flask.testing import FlaskClient

from cds_service.fhir.pages import MOST_ENTRIES
from cds_service.fhir.read.drafts import MOST_DRAFTS
from cds_service.hooks.context import MOST_SELECTIONS
from cds_service.hooks.json_text import MOST_NAMES
from tests.hook_call.calls import LOW, ORDER_HOOKS, ago, bundle, call, chart, count, order
from tests.in_time import processor_seconds

MANY = 100_000
QUICK_S = 1.5
"""Of the processor; it takes about a tenth of it. Without the limits the slowest took minutes."""
ENTRIES = {"null": None, "empty": {}, "a number": 1, "a string": "x", "a resource of no type": {"resource": {}}}
DRAFT = order("methotrexate", "draft-1", "draft")


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_a_search_result_of_too_many_entries_is_named_and_not_read(client: FlaskClient, entry: object) -> None:
    body = chart(neutrophils={**LOW, "entry": [entry] * MANY})
    answer, seconds = processor_seconds(lambda: call(client, "patient-view", body))

    assert seconds < QUICK_S
    assert answer.rows == ["NA"]
    assert f"more than {MOST_ENTRIES} entries" in answer.trace["prefetch"]["neutrophils"]["reason"]


def test_too_many_medications_leave_nothing_to_look_for(client: FlaskClient) -> None:
    answer = call(client, "patient-view", chart(medications={**LOW, "entry": [{}] * MANY}))

    assert answer.status == 412
    assert f"more than {MOST_ENTRIES} entries" in answer.diagnostics


def test_as_many_entries_as_are_allowed_are_read(client: FlaskClient) -> None:
    counts = [count(4.2, f"anc-{each}", days=2) for each in range(MOST_ENTRIES - 1)]

    assert call(client, "patient-view", chart(neutrophils=bundle(*counts, count(0.4, "lowest")))).rows == ["PV10"]


def test_many_orders_and_many_counts_cost_no_more_together_than_apart(client: FlaskClient) -> None:
    """Every other count low, every order stopped a day later: six hundred of each took minutes."""
    days = range(1, 3000)
    ended = [
        order("anakinra", f"m{day}", "stopped")
        | {"authoredOn": ago(days=day + 1), "meta": {"lastUpdated": ago(days=day)}}
        for day in days
    ]
    counts = [count((0.4, 4.2)[day % 2], f"anc-{day}", days=day) for day in days]
    body = chart(medications=bundle(*ended), neutrophils=bundle(*counts))

    answer, seconds = processor_seconds(lambda: call(client, "patient-view", body))

    assert seconds < QUICK_S
    assert answer.rows == ["PV16"]


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_too_many_draft_orders_are_never_passed_over(client: FlaskClient, hook: str) -> None:
    many = {"resourceType": "Bundle", "entry": [{"resource": DRAFT}] * (MOST_DRAFTS + 1)}

    answer = call(client, hook, chart(neutrophils=LOW), DRAFT, draftOrders=many)

    assert answer.status == 200
    assert answer.rows


def test_selections_and_orders_cost_no_more_together_than_apart(client: FlaskClient) -> None:
    drafts = [order("aspirin", f"d{each}", "draft") for each in range(MOST_DRAFTS)]
    answer, seconds = processor_seconds(lambda: call(client, "order-select", chart(), *drafts))

    assert answer.status == 200
    assert seconds < QUICK_S


@pytest.mark.parametrize(
    ("member", "told"),
    [
        ({"context": {f"x{each}": 1 for each in range(MANY)}}, f"more than {MOST_NAMES} members"),
        ({"prefetch": {f"x{each}": 1 for each in range(MANY)}}, f"more than {MOST_NAMES} members"),
    ],
)
def test_too_many_members_are_refused_in_a_plain_line(client: FlaskClient, member: object, told: str) -> None:
    body = {"hook": "patient-view", "hookInstance": "x", "context": {}} | member

    response, seconds = processor_seconds(lambda: client.post("/cds-services/anakinra-neutropenia-view", json=body))

    assert seconds < QUICK_S
    assert response.status_code == 400
    assert told in response.get_json()["issue"][0]["diagnostics"]


def test_too_many_selections_are_refused_in_a_plain_line(client: FlaskClient) -> None:
    answer = call(client, "order-select", chart(), DRAFT, selections=["MedicationRequest/draft-1"] * MANY)

    assert answer.status == 400
    assert f"more than {MOST_SELECTIONS}" in answer.diagnostics
