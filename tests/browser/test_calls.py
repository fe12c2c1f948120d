"""Firing each hook, and what is done with the cards."""

import json
import subprocess

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def test_a_chart_opens_and_the_card_is_as_an_ehr_shows_it(desk: Desk) -> None:
    desk.choose("child1a").fire()
    card = desk.cards.first
    expect(card.locator(".word")).to_have_text("Warning")
    expect(card.locator("h3")).to_contain_text("ANC 0.96 on anakinra: consider holding")
    expect(card.locator(".detail li").first).to_be_visible()
    expect(card.locator(".detail strong").first).to_be_visible()
    expect(desk.status).to_contain_text("1 warning")
    desk.photograph("cards-light")


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_an_order_of_anakinra_is_advised_on(desk: Desk, hook: str) -> None:
    desk.choose("child1a").hook(hook).order("anakinra").fire()
    expect(desk.cards.first.locator("h3")).to_contain_text("ANC 0.96 on anakinra")
    request = json.loads("\n".join(desk.page.locator("#request-json code").all_text_contents()))
    assert request["hook"] == hook
    assert ("selections" in request["context"]) == (hook == "order-select")


def test_accepting_a_suggestion_sends_feedback_and_changes_the_drafts(desk: Desk) -> None:
    desk.choose("child1a").hook("order-select").order("anakinra").fire()
    card = desk.cards.first
    card.get_by_role("button", name="Hold anakinra and repeat the count").click()
    expect(card.locator(".did")).to_contain_text("Feedback sent. The service answered HTTP 200.")
    expect(card.locator(".did")).to_contain_text("becomes on-hold")
    expect(card.get_by_role("button", name="Repeat the count only")).to_be_disabled()
    card.locator(".did summary").click()
    expect(card.locator(".did")).to_contain_text('"stored": 1')
    desk.photograph("accepted")


def test_overriding_a_card_sends_the_reason(desk: Desk) -> None:
    desk.choose("child1a").fire()
    card = desk.cards.first
    card.get_by_text("Override", exact=True).click()
    card.get_by_label("Known baseline of this patient").check()
    card.get_by_role("button", name="Override this card").click()
    expect(card.locator(".did")).to_contain_text("Feedback sent. The service answered HTTP 200.")
    expect(card.locator(".did")).to_contain_text("known-baseline")


def test_no_card_is_told_as_what_it_is(desk: Desk) -> None:
    desk.choose("pv00").fire()
    expect(desk.page.locator(".verdict.none")).to_contain_text("The service answered, and has nothing to advise.")
    expect(desk.status).to_contain_text("No cards")


def test_why_there_is_a_card(desk: Desk) -> None:
    desk.choose("child1a").fire()
    why = desk.tab("Why")
    expect(why).to_contain_text("PV9")
    expect(why.locator("tr.finding .answer").first).to_have_text("FINDING")
    expect(why).to_contain_text("NOT EVALUATED")
    desk.photograph("why")


def test_an_error_is_never_shown_as_all_clear(desk: Desk) -> None:
    desk.choose("child1a")
    desk.page.get_by_label("CDS Hooks service", exact=True).fill("http://127.0.0.1:9")
    desk.page.get_by_role("button", name="Fire").click()
    expect(desk.page.locator("#alert")).to_contain_text("Nobody answers at http://127.0.0.1:9")
    expect(desk.cards).to_have_count(0)


def test_the_request_copied_as_curl_gives_the_same_answer_in_a_shell(desk: Desk) -> None:
    desk.choose("child1a").fire().tab("Request")
    desk.page.get_by_role("button", name="Copy as curl").click()
    expect(desk.page.locator("#request-copied")).to_contain_text("curl command copied")
    copied = desk.page.evaluate("navigator.clipboard.readText()")
    answer = json.loads(subprocess.run(["sh", "-c", copied], capture_output=True, check=True, timeout=30).stdout)
    (card,) = answer["cards"]
    expect(desk.cards.first.locator("h3")).to_have_text(card["summary"])


def test_what_was_accepted_is_signed_with_the_next_call(desk: Desk) -> None:
    desk.choose("child1a").hook("order-select").order("anakinra").fire()
    desk.cards.first.get_by_role("button", name="Hold anakinra and repeat the count").click()
    expect(desk.page.locator("#orders")).to_contain_text("on-hold")
    desk.hook("order-sign").fire()
    request = json.loads("\n".join(desk.page.locator("#request-json code").all_text_contents()))
    drafts = [entry["resource"] for entry in request["context"]["draftOrders"]["entry"]]
    assert {draft["status"] for draft in drafts if draft["resourceType"] == "MedicationRequest"} >= {"on-hold"}
    assert "ServiceRequest" in {draft["resourceType"] for draft in drafts}


def test_cards_of_one_patient_never_stay_beside_another(desk: Desk) -> None:
    desk.choose("child1a").hook("order-select").order("anakinra").fire()
    expect(desk.cards.first).to_be_visible()
    desk.choose("pv00")
    expect(desk.cards).to_have_count(0)
    expect(desk.status).to_have_text("Another patient is chosen: fire again.")
    desk.fire()
    request = json.loads("\n".join(desk.page.locator("#request-json code").all_text_contents()))
    (draft,) = [entry["resource"] for entry in request["context"]["draftOrders"]["entry"]]
    assert draft["subject"]["reference"] == "Patient/pv00"


def test_a_search_keeps_the_patient_and_the_cards(desk: Desk) -> None:
    desk.choose("child1a").fire()
    desk.page.locator("#search").fill("Ada")
    desk.page.get_by_role("button", name="Search").click()
    expect(desk.page.locator("#patients-said")).to_have_text("2 patients")
    expect(desk.page.locator("input[name=patient][value=child1a]")).to_be_checked()
    expect(desk.cards.first).to_be_visible()


def test_patients_of_one_server_are_nobody_on_another(desk: Desk) -> None:
    desk.choose("child1a")
    desk.page.get_by_label("FHIR R4 server").fill("http://127.0.0.1:9/fhir")
    desk.page.get_by_role("button", name="Search").click()
    expect(desk.page.locator("#alert")).to_contain_text("Nobody answers at http://127.0.0.1:9/fhir")
    expect(desk.page.locator("input[name=patient]")).to_have_count(0)


def test_a_storys_own_orders_can_be_used(desk: Desk) -> None:
    desk.choose("child1c")
    desk.page.get_by_role("button", name="Use this story's hook and orders").click()
    expect(desk.page.locator("#orders")).to_contain_text("tocilizumab")
    desk.fire()
    expect(desk.cards.first.locator("h3")).to_contain_text("Tocilizumab")
