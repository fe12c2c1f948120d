"""Orders: which are advised on, which are waved through at once, and which cannot be."""

import pytest
from flask.testing import FlaskClient

from tests.hook_call.calls import LOW, ORDER_HOOKS, OUTCOME, ago, bundle, call, chart, count, order

NOBODY = "http://127.0.0.1:9/fhir"
"""Nothing listens there: a fetch would be seen as a failure."""


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_an_order_of_no_concern_is_answered_at_once_and_nothing_is_fetched(client: FlaskClient, hook: str) -> None:
    answer = call(client, hook, None, order("aspirin", "draft-1", "draft"), fhir=NOBODY)
    assert (answer.status, answer.rows) == (200, [])
    assert "prefetch" not in answer.trace
    assert answer.trace["rules"][0]["reason"] == "no order names a drug that this service advises on"


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_no_order_at_all(client: FlaskClient, hook: str) -> None:
    assert call(client, hook, None, fhir=NOBODY).rows == []


def test_advice_is_about_the_selected_order_and_the_others_are_context(client: FlaskClient) -> None:
    drafts = order("anakinra", "a", "draft"), order("tocilizumab", "t", "draft")
    low = chart(medications=None, neutrophils=LOW)
    both = call(client, "order-sign", low, *drafts)
    assert both.rows[:2] == ["OA3", "OT3"]
    one = call(client, "order-select", low, *drafts, selections=["MedicationRequest/t"])
    assert [row for row in one.rows if row in ("OA3", "OT3")] == ["OT3"]
    assert "B1" in one.rows


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_another_patients_orders_are_not_waved_through(client: FlaskClient, hook: str) -> None:
    answer = call(client, hook, chart(), order("aspirin", "draft-1", "draft", patient="someone-else"))
    assert answer.rows == ["NA"]


def test_one_foreign_order_among_others_forbids_silence(client: FlaskClient) -> None:
    own = order("anakinra", "a", "draft")
    assert call(client, "order-sign", chart(), own).rows == []
    foreign = order("anakinra", "b", "draft", patient="someone-else")
    assert call(client, "order-sign", chart(), own, foreign).rows == ["NA"]


def test_an_order_whose_medication_cannot_be_told_is_not_waved_through(client: FlaskClient) -> None:
    draft = order("aspirin", "draft-1", "draft")
    del draft["medicationCodeableConcept"]
    draft["medicationReference"] = {"reference": "Medication/unknown"}
    assert call(client, "order-sign", chart(), draft).rows == ["NA"]


def test_a_tnf_blocker_is_not_waved_through_while_the_medications_are_unknown(client: FlaskClient) -> None:
    draft = order("etanercept", "draft-1", "draft")
    assert call(client, "order-sign", chart(medications=None), draft).rows == []
    assert call(client, "order-sign", chart(medications=OUTCOME), draft).rows == ["NA"]
    assert call(client, "order-sign", chart(), draft).rows == ["T1"]


def test_stopping_the_one_and_starting_the_other_is_a_switch(client: FlaskClient) -> None:
    start, stop = order("tocilizumab", "t", "draft"), order("anakinra", "order-1", "stopped")
    assert "B1" in call(client, "order-sign", chart(), start).rows
    assert "B1" not in call(client, "order-sign", chart(), start, stop).rows


def test_counts_that_are_missing_for_two_orders_are_said_once_about_both(client: FlaskClient) -> None:
    drafts = order("anakinra", "a", "draft"), order("tocilizumab", "t", "draft")
    answer = call(client, "order-sign", chart(medications=None, neutrophils=OUTCOME), *drafts)
    assert answer.rows.count("NA") == 1
    assert answer.body["cards"][0]["extension"]["org.anakinra-cds"]["orders"] == [
        "MedicationRequest/a",
        "MedicationRequest/t",
    ]


def test_a_low_count_stands_on_partial_data_and_says_so(client: FlaskClient) -> None:
    cut = bundle(count(0.4)) | {"link": [{"relation": "next", "url": f"{NOBODY}?page=2"}]}
    answer = call(client, "patient-view", chart(neutrophils=cut))
    assert answer.rows == ["PV10"]
    assert "incomplete data" in answer.body["cards"][0]["detail"]


def test_another_patients_count_is_dropped_and_forbids_silence(client: FlaskClient) -> None:
    mixed = bundle(count(4.2), count(0.3, "anc-x", patient="someone-else"))
    answer = call(client, "patient-view", chart(neutrophils=mixed))
    assert answer.rows == ["NA"]
    assert "someone-else" not in str(answer.body)


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/fhir", "http://metadata.google.internal/fhir", "https://user:word@ehr.example.org/fhir"],
)
def test_an_address_that_is_never_contacted_is_refused(client: FlaskClient, address: str) -> None:
    answer = call(client, "patient-view", chart(), fhir=address)
    assert answer.status == 400
    assert "fhirServer" in answer.diagnostics
    assert address not in answer.diagnostics


def test_two_blockers_ordered_together_are_not_said_to_be_active(client: FlaskClient) -> None:
    drafts = order("anakinra", "a", "draft"), order("tocilizumab", "t", "draft")
    answer = call(client, "order-sign", chart(medications=None), *drafts)
    (card,) = [each for each in answer.body["cards"] if each["source"]["topic"]["code"] == "overlapping-biologics"]
    assert "anakinra and tocilizumab ordered together" in card["summary"].lower()
    assert card["extension"]["org.anakinra-cds"]["orders"] == ["MedicationRequest/a", "MedicationRequest/t"]


def test_an_overlay_about_an_order_names_it(client: FlaskClient) -> None:
    answer = call(client, "order-sign", chart(medications=None), order("tocilizumab", "t", "draft"))
    orders = {
        card["source"]["topic"]["code"]: card["extension"]["org.anakinra-cds"]["orders"]
        for card in answer.body["cards"]
    }
    assert orders["tocilizumab-weight"] == ["MedicationRequest/t"]


def test_every_overlap_of_a_session_is_named(client: FlaskClient) -> None:
    both = bundle(order("tocilizumab", "t"), order("canakinumab", "c"))
    answer = call(client, "order-sign", chart(medications=both), order("anakinra", "a", "draft"))
    (card,) = [each for each in answer.body["cards"] if each["source"]["topic"]["code"] == "overlapping-biologics"]
    assert "tocilizumab and canakinumab" in card["summary"]
    assert len(card["summary"]) < 140


STATUS_CHANGED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.statusChanged"


def test_after_our_own_hold_is_accepted_the_next_call_asks_for_a_recount(client: FlaskClient) -> None:
    active = order() | {"extension": [{"url": STATUS_CHANGED, "valueDateTime": ago(days=60)}]}
    low = bundle(count(0.7))
    first = call(client, "patient-view", chart(medications=bundle(active), neutrophils=low))
    assert first.rows[0] == "PV9"
    hold = first.body["cards"][0]["suggestions"][0]["actions"][0]["resource"]
    held = hold | {"meta": {"lastUpdated": ago(seconds=1)}}
    second = call(client, "patient-view", chart(medications=bundle(held), neutrophils=low))
    assert second.rows[0] == "PV4"


def test_a_status_change_that_only_dates_the_start_does_not_end_an_order(client: FlaskClient) -> None:
    held = order(status="on-hold") | {"meta": {"lastUpdated": ago(hours=3)}}
    held["extension"] = [{"url": STATUS_CHANGED, "valueDateTime": held["authoredOn"]}]
    answer = call(client, "patient-view", chart(medications=bundle(held), neutrophils=bundle(count(0.7))))
    assert answer.rows[0] == "PV4"
