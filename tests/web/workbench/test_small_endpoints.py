"""Discovery, a story's call, feedback, the timeline and the preview."""

import re
from datetime import UTC, datetime

import pytest

from cds_service import stories
from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore
from cds_service.web.workbench.feedback import Asked, item
from tests.web.workbench.conftest import service

FEEDBACK = "/cds-services/other/feedback"
NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def test_services_are_listed_with_their_hooks_and_others_are_counted(stub, post):
    listed = [
        {"hook": "order-sign", "id": "a", "title": "Signing"},
        {"hook": "appointment-book", "id": "b"},
        {"hook": "patient-view", "id": "c"},
    ]
    server = stub({"/cds-services": (200, {"services": listed})})
    answer = post("services", {"service": f"{server.url}/cds-services"}).get_json()
    assert answer["others"] == 1
    assert answer["services"] == [
        {"id": "a", "hook": "order-sign", "title": "Signing"},
        {"id": "c", "hook": "patient-view", "title": "c"},
    ]


def test_a_server_without_discovery_is_named(stub, refused):
    server = stub()
    assert "Is it" not in (said := refused("services", {"service": server.url}))
    assert said.startswith(f"{server.url}/cds-services answered HTTP 404")


def test_a_server_that_answers_one_call_at_a_time_does_not_wait_for_itself(refused):
    assert refused("services", {}).startswith("This server answers one call at a time, so it cannot call itself")


def test_a_storys_call_has_its_hook_and_orders_moved_to_now(post):
    answer = post("story", {"story": "child-1-order-tocilizumab"}).get_json()
    assert answer["hook"] == "order-select"
    (order,) = answer["orders"]
    assert order["selected"] is True
    assert order["resource"]["id"] == "child1c-order"
    told = stories.read("child-1-order-tocilizumab").hook["context"]["draftOrders"]["entry"][0]["resource"]
    assert order["resource"]["authoredOn"] > told["authoredOn"]


def test_a_story_at_patient_view_has_no_orders(post):
    assert post("story", {"story": "child-1-view"}).get_json()["orders"] == []


@pytest.mark.parametrize("name", ["", "../../etc", "case-9"])
def test_no_other_file_is_read_as_a_story(refused, name):
    assert refused("story", {"story": name}, 400) == "There is no such story."


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"suggestion": "s"},
            {"card": "c", "outcome": "accepted", "acceptedSuggestions": [{"id": "s"}]},
        ),
        (
            {"reason": {"code": "r", "system": "urn:x"}, "comment": "why not"},
            {
                "card": "c",
                "outcome": "overridden",
                "overrideReason": {"reason": {"code": "r", "system": "urn:x"}, "userComment": "why not"},
            },
        ),
        ({"comment": "x"}, {"card": "c", "outcome": "overridden", "overrideReason": {"userComment": "x"}}),
        ({}, {"card": "c", "outcome": "overridden"}),
    ],
)
def test_a_feedback_item(asked, told):
    assert item(Asked(service_id="other", card="c", **asked), NOW) == told | {
        "outcomeTimestamp": "2026-11-27T09:30:00Z"
    }


def test_feedback_reaches_the_service_and_its_answer_is_shown(stub, post):
    server = stub({FEEDBACK: (200, ""), "/cds-services": service()})
    asked = {"service": server.url, "service_id": "other", "card": "c", "suggestion": "s", "service_token": "secret"}
    answer = post("feedback", asked).get_json()
    assert (answer["ok"], answer["line"], answer["received"]) == (True, "HTTP 200", "")
    assert answer["url"] == server.url + FEEDBACK
    ((sent,),) = [body["feedback"] for body in server.posted()]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sent["outcomeTimestamp"])
    assert server.asked[0].headers["Authorization"] == "Bearer secret"


def test_a_service_that_refuses_feedback_is_quoted(stub, post):
    server = stub()
    answer = post("feedback", {"service": server.url, "service_id": "other", "card": "c"}).get_json()
    assert answer["ok"] is False
    assert answer["line"] == f"HTTP 404: {FEEDBACK} is unknown"


def test_a_service_id_does_not_lead_elsewhere(stub, post):
    server = stub({"/cds-services/../admin?x=/feedback": (200, "")})  # as the stub reads it, unquoted
    answer = post("feedback", {"service": server.url, "service_id": "../admin?x=", "card": "c"}).get_json()
    assert answer["url"] == f"{server.url}/cds-services/..%2Fadmin%3Fx%3D/feedback"


@pytest.mark.parametrize("hook", [["patient-view"], {"a": 1}, 5, True])
def test_a_hook_that_is_no_text_is_one_that_is_not_fired(stub, post, hook):
    server = stub({"/cds-services": (200, {"services": [{"hook": hook, "id": "a"}]})})
    assert post("services", {"service": server.url}).get_json() == {"services": [], "others": 1}


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_the_timeline_of_case_1_is_drawn_with_its_table(post, scale):
    case = stories.shifted(stories.read("case-1-g-last-follow-up"), datetime.now(UTC))
    with serving(FhirStore(case.resources)) as base:
        html = post("timeline", {"fhir": base, "patient": "case1g", "scale": scale}).get_json()["html"]
    assert html.count('class="tl-mark tl-point') == 9
    assert f'value="{scale}" checked' in html
    assert html.count("<tr>") > 9
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=", html)


def test_a_record_that_cannot_be_read_is_a_line_for_each_search(post):
    answer = post("timeline", {"fhir": "http://127.0.0.1:1/fhir", "patient": "case1g"})
    assert answer.status_code == 424
    for issue in answer.get_json()["issue"]:
        assert re.fullmatch(r"\w+ could not be read from the FHIR server: .+\.", issue["diagnostics"])


def test_the_drawing_has_colours_for_the_dark(bench):
    assert "prefers-color-scheme: dark" in bench.get("/workbench/timeline.css").get_data(as_text=True)


def test_a_card_is_previewed_with_example_facts(post):
    answer = post("preview", {"code": "recovering"}).get_json()
    assert answer["story"].startswith("row-pv13")
    assert "Neutrophils rising" in answer["html"]


def test_a_code_that_no_story_shows_is_one_line(refused):
    assert refused("preview", {"code": "nothing"}, 400).startswith("No story shows the card nothing: use one of ")


def test_a_pasted_payload_is_judged_at_its_lines(post):
    answer = post("validate", {"text": '{"cards": [\n  {"summary": "x", "source": {"label": "y"}}\n]}'}).get_json()
    assert answer["kind"] == "response"
    assert (answer["findings"][0]["requirement"], answer["findings"][0]["line"]) == ("cds-hooks_2.0@88", 2)


def test_what_is_no_json_is_said_in_a_line(refused):
    assert "line 1" in refused("validate", {"text": '{"cards": ['}, 400)
