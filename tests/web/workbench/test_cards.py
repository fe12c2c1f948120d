"""Cards as the page shows them, from any service: well-made, careless and hostile ones."""

import pytest
from flask import render_template

from cds_service.ehr.client import Answer
from cds_service.web.workbench.cards import error_of, shown_cards, shown_system_actions

CARD = {
    "uuid": "u1",
    "summary": "Hold <b>anakinra</b>",
    "indicator": "warning",
    "detail": "**Why**\n\n<img src=x onerror=alert(1)>",
    "source": {"label": "Label", "url": "https://example.org/", "topic": {"code": "hold", "display": "Hold it"}},
    "links": [
        {"label": "Paper", "url": "https://doi.org/1", "type": "absolute"},
        {"label": "Trap", "url": "javascript:alert(1)", "type": "absolute"},
        {"label": "App", "url": "https://app.example.org/launch", "type": "smart"},
    ],
    "selectionBehavior": "at-most-one",
    "suggestions": [
        {
            "uuid": "s1",
            "label": "Hold it",
            "isRecommended": True,
            "actions": [{"type": "delete", "description": "Remove it", "resourceId": "MedicationRequest/1"}],
        }
    ],
    "overrideReasons": [{"code": "known", "system": "urn:x", "display": "It's known"}],
}


@pytest.fixture
def html(bench):
    def html(response):
        with bench.application.test_request_context():
            return render_template(
                "workbench/cards.html",
                error="",
                cards=shown_cards(response),
                systemactions=shown_system_actions(response),
            )

    return html


@pytest.mark.parametrize(
    "shown",
    [
        '<span class="word">Warning</span>',
        "Hold &lt;b&gt;anakinra&lt;/b&gt;",
        "<strong>Why</strong>",
        "&lt;img src=x onerror=alert(1)&gt;",
        '<a href="https://example.org/" target="_blank" rel="noopener noreferrer">Label</a> &middot; Hold it',
        '<a href="https://doi.org/1" target="_blank" rel="noopener noreferrer">Paper</a>',
        "Trap javascript:alert(1)",
        "(SMART app)",
        "choose at most one, or none",
        '<span class="tag">recommended</span>',
        "<b>delete</b> Remove it <code>MedicationRequest/1</code>",
        "It&#39;s known",
    ],
)
def test_a_card(html, shown):
    assert shown in html({"cards": [CARD]})


@pytest.mark.parametrize("never", ['href="javascript', "<img", "<b>anakinra", "onerror=alert(1)>"])
def test_nothing_of_a_card_becomes_markup(html, never):
    assert never not in html({"cards": [CARD]})


@pytest.mark.parametrize(
    "card",
    [
        None,
        "text",
        {},
        {"summary": 1, "indicator": "fatal", "source": "x", "links": {}, "suggestions": [1, {"actions": "x"}]},
        {"suggestions": [{"label": None, "actions": [None, {"resource": []}]}], "overrideReasons": [None, {}]},
    ],
)
def test_a_careless_card_is_still_shown(html, card):
    shown = html({"cards": [card]})
    assert "No valid indicator" in shown
    assert "(no summary)" in shown


def test_no_cards_is_said_and_is_no_error(html):
    assert "The service answered, and has nothing to advise." in html({"cards": []})


def test_system_actions_are_shown_and_not_done(html):
    shown = html({"cards": [], "systemActions": [{"type": "create", "resource": {"resourceType": "Task"}}, 1]})
    assert "<code>Task</code>" in shown
    assert "The workbench does not." in shown


@pytest.mark.parametrize(
    ("status", "json", "says"),
    [
        (200, {"cards": []}, ""),
        (200, {}, "The service answered HTTP 200 without a JSON list of cards"),
        (200, {"cards": {}}, "The service answered HTTP 200 without a JSON list of cards"),
        (200, None, "The service answered HTTP 200 without a JSON list of cards"),
        (
            412,
            {"resourceType": "OperationOutcome", "issue": [{"diagnostics": "no counts"}]},
            "The service answered HTTP 412: no counts",
        ),
        (500, None, "The service answered HTTP 500"),
        (302, {"cards": []}, "The service answered HTTP 302"),
    ],
)
def test_an_error_is_never_an_all_clear(status, json, says):
    assert error_of(Answer(status, b"", json, "")) == says
