"""Validating payloads, previewing cards, any other service, hostile text, links, keyboard, and other eyes."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Eyes
from tests.browser.desk import Desk
from tests.stub_server import StubServer

pytestmark = pytest.mark.browser

BROKEN = {
    "cards": [
        {
            "uuid": "5c8a2f0e-1111-4222-8333-944455556666",
            "summary": "x" * 140,
            "indicator": "green",
            "source": {"label": "x"},
        }
    ]
}
HOSTILE = (
    "**Count** <script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> "
    "[click](javascript:window.hacked=1) ![pixel](http://192.0.2.1/pixel.png)"
)


def test_a_broken_payload_shows_its_findings_at_their_lines(desk: Desk) -> None:
    page = desk.page
    page.get_by_role("tab", name="Validate a payload").click()
    page.locator("#payload").fill(json.dumps(BROKEN, indent=2))
    page.get_by_role("button", name="Validate", exact=True).click()
    expect(page.locator("#check-status")).to_contain_text("Read as response: 2 errors")
    expect(page.locator("#check-findings")).to_contain_text("cds-hooks_2.0@83")
    expect(page.locator("#check-json .line.error")).to_have_count(2)
    page.get_by_role("button", name="Line 5:").click()
    expect(page.locator("#check-json .line[data-line='5']")).to_be_in_viewport()
    desk.photograph("validate")


def test_a_file_is_opened_and_checked_against_the_request_it_answers(desk: Desk, tmp_path: Path) -> None:
    action = {"type": "delete", "description": "Remove it", "resourceId": "MedicationRequest/nowhere"}
    card = BROKEN["cards"][0] | {
        "summary": "Remove it",
        "indicator": "info",
        "selectionBehavior": "any",
        "suggestions": [{"uuid": "6c8a2f0e-1111-4222-8333-944455556666", "label": "Remove it", "actions": [action]}],
    }
    (tmp_path / "response.json").write_text(json.dumps({"cards": [card]}, indent=2))
    page = desk.page
    page.get_by_role("tab", name="Validate a payload").click()
    page.get_by_text("The request that this response answers").click()
    drafts = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "d1"}}]}
    page.locator("#against").fill(json.dumps({"hook": "order-sign", "context": {"draftOrders": drafts}}))
    page.locator("#file").set_input_files(tmp_path / "response.json")
    expect(page.locator("#check-findings")).to_contain_text("/cards/0/suggestions/0/actions/0/resourceId")
    expect(page.locator("#payload")).to_have_value(re.compile("Remove it"))


def test_a_very_long_payload_shows_what_surrounds_its_findings(desk: Desk, tmp_path: Path) -> None:
    long = {"cards": [{"summary": "x", "indicator": "info", "source": {"label": "y"}} for _ in range(4000)]}
    long["cards"][-1]["indicator"] = "green"
    (tmp_path / "long.json").write_text(json.dumps(long, indent=2))
    page = desk.page
    page.get_by_role("tab", name="Validate a payload").click()
    page.locator("#file").set_input_files(tmp_path / "long.json")
    expect(page.locator("#check-json .line.error")).to_contain_text("green")
    expect(page.locator("#check-json")).to_contain_text("from 20000 on, those around a finding.")
    expect(page.locator("#check-findings")).to_contain_text("The worst 300 of 5001 are listed.")


def test_what_is_no_json_is_one_line(desk: Desk) -> None:
    page = desk.page
    page.get_by_role("tab", name="Validate a payload").click()
    page.locator("#payload").fill('{"cards": [')
    page.get_by_role("button", name="Validate", exact=True).click()
    expect(page.locator("#check-alert")).to_contain_text("line 1")


def test_a_card_of_the_service_can_be_previewed(desk: Desk) -> None:
    page = desk.page
    page.get_by_role("tab", name="Preview a card").click()
    page.locator("#code").select_option("mas-pattern")
    expect(page.locator("#preview-card .card h3")).to_contain_text("MAS classification pattern")
    expect(page.locator("#preview-status")).to_contain_text("overlay-m1-mas-pattern")


def _other_service(stub: Callable[..., StubServer], answer: tuple[int, object]) -> StubServer:
    listed = {"services": [{"hook": "patient-view", "id": "other", "title": "Other", "description": "d"}]}
    return stub({"/cds-services": (200, listed), "/cds-services/other": answer})


def _fire_other(desk: Desk, server: StubServer) -> Desk:
    desk.choose("child1a")
    desk.page.get_by_label("CDS Hooks service", exact=True).fill(server.url)
    desk.page.get_by_role("button", name="List").click()
    expect(desk.page.locator("#service-help")).to_contain_text("1 service listed")
    return desk.fire()


def test_any_other_service_can_be_called_and_hostile_text_stays_text(
    desk: Desk, stub: Callable[..., StubServer]
) -> None:
    card = {"summary": "<b>bold</b>", "indicator": "info", "source": {"label": "<i>x</i>"}, "detail": HOSTILE}
    _fire_other(desk, _other_service(stub, (200, {"cards": [card]})))
    shown = desk.cards.first
    expect(shown.locator("h3")).to_have_text("<b>bold</b>")
    expect(shown.locator(".detail")).to_contain_text("<script>window.hacked = 1</script>")
    expect(shown.locator("img, script")).to_have_count(0)
    # What was a picture is a link that nobody has followed; a script's address is no link at all.
    assert [each.get_attribute("href") for each in shown.locator(".detail a").all()] == ["http://192.0.2.1/pixel.png"]
    assert desk.page.evaluate("window.hacked") is None
    desk.photograph("hostile")


def test_a_failure_of_another_service_is_loud(desk: Desk, stub: Callable[..., StubServer]) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"diagnostics": "it broke"}]}
    _fire_other(desk, _other_service(stub, (500, outcome)))
    expect(desk.page.locator(".verdict.failed")).to_contain_text("this is an error, not an all-clear")
    expect(desk.status).to_contain_text("Error, not an all-clear")


def test_a_link_restores_the_setup_without_the_patient(desk: Desk) -> None:
    desk.choose("child1a").hook("order-select").order("anakinra")
    desk.page.get_by_role("button", name="Copy link to this setup").click()
    link = desk.page.url
    assert "child1a" not in link
    assert "anakinra" in link
    fragment = link[link.index("#") :]
    desk.page.goto("about:blank")
    desk.open(fragment)
    expect(desk.page.locator("input[name=hook][value=order-select]")).to_be_checked()
    expect(desk.page.locator("#orders")).to_contain_text("anakinra")
    expect(desk.page.locator("input[name=patient]:checked")).to_have_count(0)


def test_the_keyboard_alone_is_enough(desk: Desk) -> None:
    page = desk.page
    expect(page.locator("input[name=patient]").first).to_be_attached()
    page.locator("input[name=patient][value=child1a]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(desk.cards.first.locator("h3")).to_contain_text("ANC 0.96")
    page.locator("#tab-cards").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel-timeline")).to_be_visible()
    expect(page.locator("#tab-timeline")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("#panel-response")).to_be_visible()


@pytest.mark.parametrize("context", [Eyes("dark"), Eyes(width=360)], indirect=True, ids=["dark", "narrow"])
def test_other_eyes(desk: Desk, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    desk.choose("child1a").fire()
    expect(desk.cards.first).to_be_visible()
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the screen"
    desk.cards.first.scroll_into_view_if_needed()
    desk.photograph(f"cards-{name}")
    desk.tab("Timeline")
    expect(desk.page.locator("svg .tl-point").first).to_be_attached()
    desk.photograph(f"timeline-{name}")
