"""Firing a hook at another service: what is sent, what is shown, and every way it can go wrong."""

import json

import pytest

from tests.web.workbench.conftest import service

CARD = {"summary": "Hold it", "indicator": "critical", "source": {"label": "Label"}}
POSTED = "/cds-services/other"


@pytest.fixture
def asked(stub, fhir):
    """A function: a call of a stub service about Patient/p1, and that service."""

    def asked(hook="patient-view", answer=(200, {"cards": [CARD]}), discovery=None, **more):
        server = stub({"/cds-services": discovery or service(hook), POSTED: answer})
        return {"fhir": fhir.url, "patient": "p1", "hook": hook, "service": server.url, **more}, server

    return asked


def test_a_card_and_everything_about_it(asked, post):
    body, server = asked()

    answer = post("fire", body).get_json()

    (sent,) = server.posted()
    assert json.loads(answer["request"]) == sent
    assert sent["context"] == {"userId": "Practitioner/example", "patientId": "p1"}
    assert answer["request"].splitlines()[1] == '  "hook": "patient-view",'
    assert json.loads(answer["response"]) == {"cards": [CARD]}
    assert (answer["service"], answer["status"], answer["error"]) == ("other", 200, "")
    assert answer["says"] == "1 card: 1 critical"
    assert answer["url"] == server.url + POSTED
    assert "Hold it" in answer["cards"]
    assert "holds no trace" in answer["trace"]


def test_drafted_orders_of_any_listed_drug(asked, post):
    orders = [{"drug": "Anakinra"}, {"drug": "metamizole", "selected": False}, {"drug": "6851"}]
    body, server = asked("order-select", orders=orders)

    assert post("fire", body).status_code == 200

    context = server.posted()[0]["context"]
    drafts = [entry["resource"] for entry in context["draftOrders"]["entry"]]
    assert [draft["medicationCodeableConcept"]["text"] for draft in drafts] == [
        "anakinra",
        "metamizole",
        "methotrexate",
    ]
    assert {draft["subject"]["reference"] for draft in drafts} == {"Patient/p1"}
    assert context["selections"] == ["MedicationRequest/draft-1", "MedicationRequest/draft-3"]


def test_an_order_that_is_a_resource_already_is_sent_as_it_is(asked, post):
    resource = {"resourceType": "ServiceRequest", "id": "suggested-1", "status": "draft"}
    body, server = asked("order-sign", orders=[{"resource": resource}])
    post("fire", body)
    assert server.posted()[0]["context"]["draftOrders"]["entry"] == [{"resource": resource}]
    assert "selections" not in server.posted()[0]["context"]


def test_prefetch_is_made_by_the_page_or_left_to_the_service(asked, post, fhir):
    discovery = service(prefetch={"patient": "Patient/{{context.patientId}}", "labs": "Observation?x"})
    body, server = asked(discovery=discovery)
    told = post("fire", body).get_json()
    assert server.posted()[0]["prefetch"] == {
        "patient": {"resourceType": "Patient", "id": "p1"},
        "labs": {"resourceType": "OperationOutcome", "issue": [{"diagnostics": "/Observation?x is unknown"}]},
    }
    assert "passed on as an OperationOutcome" in told["trace"]
    post("fire", body | {"prefetch": False})
    assert "prefetch" not in server.posted()[1]


def test_the_token_is_sent_and_never_given_back(asked, post):
    body, server = asked(token="secret-token", service_token="other-secret")
    answer = post("fire", body)
    assert server.posted()[0]["fhirAuthorization"]["access_token"] == "secret-token"
    assert server.asked[-1].headers["Authorization"] == "Bearer other-secret"
    assert "secret" not in answer.get_data(as_text=True)
    assert json.loads(answer.get_json()["request"])["fhirAuthorization"]["access_token"] == "ACCESS_TOKEN"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((500, "<h1>Oops</h1>"), "The service answered HTTP 500"),
        ((200, "not json"), "The service answered HTTP 200 without a JSON list of cards"),
        ((200, b"\xff\xfe\x00"), "The service answered HTTP 200 without a JSON list of cards"),
        ((200, {"no": "cards"}), "The service answered HTTP 200 without a JSON list of cards"),
        ((404, None), "The service answered HTTP 404"),
        ((204, ""), "The service answered HTTP 204 without a JSON list of cards"),
    ],
)
def test_an_error_is_shown_as_one(asked, post, answer, says):
    body, _ = asked(answer=answer)
    told = post("fire", body).get_json()
    assert told["error"] == told["says"] == says
    assert "this is an error, not an all-clear" in told["cards"]
    assert "No cards" not in told["cards"]


def test_what_is_kept_back_is_no_all_clear(asked, post):
    withheld = {"withheld": [{"code": "hold-anakinra", "why": "silent-code"}]}
    told = "Kept back by the service: hold-anakinra (silent code). This is no all-clear."
    for cards, says in (([], f"No cards. {told}"), ([CARD], f"1 card: 1 critical. {told}")):
        body, _ = asked(answer=(200, {"cards": cards, "extension": {"org.anakinra-cds": withheld}}))
        answer = post("fire", body).get_json()
        assert answer["says"] == says
        assert told in answer["cards"]
        assert "nothing to advise" not in answer["cards"]


def test_no_cards_is_no_error(asked, post):
    body, _ = asked(answer=(200, {"cards": []}))
    told = post("fire", body).get_json()
    assert (told["error"], told["says"]) == ("", "No cards")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"patient": ""}, "Choose a patient first."),
        ({"patient": "nobody"}, "There is no Patient/nobody at "),
        ({"hook": "order-select"}, "order-select is about the orders being picked: add an order, and tick it"),
        ({"hook": "order-select", "orders": [{"drug": "anakinra", "selected": False}]}, "order-select is about the"),
        ({"hook": "order-sign"}, "order-sign is about orders: add one first."),
        ({"hook": "order-sign", "orders": [{"drug": "aspirin"}]}, "The drug 'aspirin' is not known here: say"),
        ({"service_id": "unlisted"}, "No service with the id unlisted listens to patient-view there. Listed: other"),
        ({"fhir": "http://127.0.0.1:1/fhir"}, "Nobody answers at http://127.0.0.1:1/fhir. Is it running? Check the"),
        ({"service": "http://127.0.0.1:1"}, "Nobody answers at http://127.0.0.1:1. Is it running? Check the service's"),
        ({"service": "localhost:8000"}, "The service's URL does not begin with https:// (or http://"),
    ],
)
def test_a_call_that_cannot_be_made_says_what_to_do(asked, refused, change, says):
    body, _ = asked()
    assert refused("fire", body | change).startswith(says)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hook": "appointment-book"}, "hook must be one of patient-view, order-select, order-sign."),
        (
            {"hook": "order-sign", "orders": [{"resource": {"resourceType": "X"}}]},
            "orders[0] needs a resourceType and an id that no other order has.",
        ),
        (
            {
                "hook": "order-sign",
                "orders": [{"drug": "anakinra"}, {"resource": {"resourceType": "MedicationRequest", "id": "draft-1"}}],
            },
            "orders[1] needs a resourceType and an id that no other order has.",
        ),
    ],
)
def test_a_body_the_page_never_sends(asked, refused, change, says):
    body, _ = asked()
    assert refused("fire", body | change, 400) == says


@pytest.mark.parametrize(
    ("body", "says", "finding"),
    [
        ('{"cards": [], "x": NaN}', "No cards", "NaN"),
        ("\ufeff" + '{"cards": []}', "No cards", ""),
        (
            '{"cards": ' + "[" * 900 + "]" * 900 + "}",
            "The service answered HTTP 200 without a JSON list",
            "nested deeper",
        ),
        ('{"cards": [{"summary": "\\ud800", "detail": "**\\udfff**", "uuid": "\\ud800"}]}', "1 card: 1 no valid", ""),
        ('{"cards": [{"overrideReasons": [{"code": "\\ud800", "x": 1e999}]}]}', "1 card: 1 no valid indicator", ""),
        ("x" * 10, "The service answered HTTP 200 without a JSON list of cards", "no readable JSON"),
        ('{"cards": [], "extension": {"org.anakinra-cds": {"facts": {"active": [1]}, "rules": {}}}}', "No cards", ""),
    ],
    ids=["NaN", "byte order mark", "deep", "half a character", "in a reason", "no JSON", "a trace of another shape"],
)
def test_whatever_a_service_answers_is_shown(asked, post, body, says, finding):
    call, _ = asked(answer=(200, body))
    answer = post("fire", call)
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["says"].startswith(says)
    assert finding in "".join(each["message"] for each in told["findings"]["response"])
