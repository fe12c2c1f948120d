"""A name twice in one object hides what was said first from every reader. No silence rests on such a resource."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.codes.prefetch_keys import ALL, REQUIRED
from tests.fault_server import faulty
from tests.fhir_records import Records
from tests.hook_call.calls import (
    NORMAL,
    ORDER_HOOKS,
    PATIENT,
    QUIET,
    QUIET_LABS,
    Json,
    bundle,
    call,
    chart,
    count,
    lab,
    not_evaluated,
    order,
)

CONCEPT = "medicationCodeableConcept"
REASON = "a name occurs twice in Observation/anc-1"


def said_first(member: str, value: Any, resource: Json) -> Json:
    """The resource with a member once more, before the one that every reader takes for it."""
    return {f"{member}\N{BULLET}": value, **resource}


def fire(client: FlaskClient, hook: str, prefetch: Json, *drafts: Json) -> Any:
    """As ``call``, with the bullets that told two names apart taken away."""

    class Twice:
        def post(self, url: str, data: str) -> Any:
            return client.post(url, data=data.replace("\\u2022", ""))

    return call(Twice(), hook, prefetch, *drafts)  # type: ignore[arg-type]


LOW = {"value": 0.4, "unit": "10*9/L"}
HIDDEN = {
    "a value": said_first("valueQuantity", LOW, count(4.2)),
    "a number": count(4.2) | {"valueQuantity": said_first("value", 0.4, {"value": 4.2, "unit": "10*9/L"})},
    "a unit": count(400) | {"valueQuantity": said_first("unit", "/uL", {"unit": "10*9/L", "value": 4.2})},
    "a status": said_first("status", "final", count(0.4) | {"status": "entered-in-error"}),
    "a code": said_first("code", count(0.4)["code"], count(0.4) | {"code": {"text": "Lymphocytes"}}),
    "a date": said_first("effectiveDateTime", count(0.4)["effectiveDateTime"], count(4.2)),
    "an id": said_first("id", "anc-2", count(4.2)),
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_a_count_in_which_a_name_occurs_twice_forbids_silence(client: FlaskClient, hidden: Json) -> None:
    normal = count(4.4, "anc-0", days=2)
    view = fire(client, "patient-view", chart(neutrophils=bundle(normal, hidden)))
    assert view.rows == ["NA"]
    assert view.trace["prefetch"]["neutrophils"] == {"state": "satisfied", "extent": "partial", "reason": REASON}
    assert REASON in view.body["cards"][0]["detail"].replace("\\", "")
    for hook in ORDER_HOOKS:
        assert fire(client, hook, chart(neutrophils=bundle(normal, hidden)), order("anakinra", "d", "draft")).rows == [
            "NA"
        ]


def test_a_page_that_has_its_entries_twice_forbids_silence(client: FlaskClient) -> None:
    page = said_first("entry", bundle(count(0.4))["entry"], NORMAL)
    assert fire(client, "patient-view", chart(neutrophils=page)).rows == ["NA"]


def test_a_low_count_stands_beside_a_resource_in_which_a_name_occurs_twice(client: FlaskClient) -> None:
    answer = fire(client, "patient-view", chart(neutrophils=bundle(count(0.4), HIDDEN["a value"] | {"id": "anc-2"})))
    assert answer.rows == ["PV10"]


def test_an_order_on_file_in_which_a_name_occurs_twice_forbids_silence(client: FlaskClient) -> None:
    hidden = said_first(CONCEPT, order()[CONCEPT], order("aspirin"))
    view = fire(client, "patient-view", chart(medications=bundle(hidden)))
    assert (view.status, view.rows) == (412, [])
    assert "a name occurs twice in MedicationRequest/order-1" in view.diagnostics
    assert fire(client, "order-sign", chart(medications=bundle(hidden)), order("methotrexate", "d", "draft")).rows == [
        "NA"
    ]


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_a_draft_in_which_a_name_occurs_twice_is_never_waved_through(client: FlaskClient, hook: str) -> None:
    draft = said_first(CONCEPT, order()[CONCEPT], order("aspirin", "d", "draft"))
    assert fire(client, hook, chart(), draft).rows == ["NA"]


def test_a_medication_that_was_read_and_has_a_name_twice_tells_no_drug(client: FlaskClient) -> None:
    """The server's Medication says anakinra first, and aspirin last."""
    draft = order("aspirin", "d", "draft")
    medication = {"resourceType": "Medication", "id": "m", "code": draft.pop(CONCEPT)}
    draft["medicationReference"] = {"reference": "Medication/m"}
    records = Records([{"resourceType": "Patient", "id": PATIENT}, medication, order(), count(4.2)])
    for fault, rows in (("none", []), ("name-twice", ["NA"])):
        with faulty(records.respond, fault, only=lambda asked: asked.startswith("Medication/")) as server:
            assert call(client, "order-sign", None, draft, fhir=server.base_url).rows == rows


def test_what_hides_in_a_key_without_a_base_row_is_never_clear(client: FlaskClient) -> None:
    """Platelets of 200 said last, 40 first: rules that read the results are not evaluated, and say why."""
    hidden = said_first("valueQuantity", {"value": 40, "unit": "10*9/L"}, lab("777-3", 200, "10*9/L", "plt-1"))
    answer = fire(client, "patient-view", chart(labs=bundle(*QUIET_LABS[1:], hidden)))
    assert answer.trace["prefetch"]["labs"]["reason"] == "a name occurs twice in Observation/plt-1"
    assert not_evaluated(answer) == {"M1", "M1b", "L3"}
    assert not_evaluated(call(client, "patient-view", QUIET)) == set()


@pytest.mark.parametrize(
    ("hook", "chart_", "drafts", "looked_at"),
    [
        ("patient-view", chart(neutrophils=bundle(count(0.4))), (), None),
        ("patient-view", chart(), (), ALL),
        ("patient-view", chart(medications=bundle(order("tocilizumab"))), (), ALL),
        ("order-sign", chart(medications=None), (order("tocilizumab", "d", "draft"),), ALL),
        # neither drug: no rule reads more
        ("patient-view", chart(medications=None), (), REQUIRED),
        ("order-sign", chart(medications=None), (order("methotrexate", "d", "draft"),), REQUIRED),
    ],
)
def test_the_second_look_is_taken_where_it_could_change_the_answer(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, hook: str, chart_: Json, drafts: Any, looked_at: Any
) -> None:
    """It costs about as much as reading did. A low count is told whatever it finds."""
    looked: list[object] = []
    monkeypatch.setattr("cds_service.hook_call.look_again", lambda record, keys, names: looked.append(names) or record)
    call(client, hook, chart_, *drafts)
    assert looked == ([looked_at] if looked_at else [])


def test_a_body_says_nothing_of_what_it_repeats(client: FlaskClient) -> None:
    """Names may be values of the chart: of the resource only type and id are told."""
    answer = fire(
        client, "patient-view", chart(neutrophils=bundle(said_first("Canary", 1, count(4.2) | {"Canary": 2})))
    )
    assert answer.rows == ["NA"]
    assert "Canary" not in json.dumps(answer.body)
