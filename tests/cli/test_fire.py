"""``cds-service fire``: what is sent to the service, what is printed, with which exit code."""

import json
from collections.abc import Callable

import pytest

from cds_service.cli.main import run
from tests.cli.conftest import CARD, service_for
from tests.stub_server import StubServer

Fire = Callable[..., int]
Captured = pytest.CaptureFixture[str]


def test_a_card_is_printed_as_a_clinician_reads_it(fire: Fire, capsys: Captured) -> None:
    assert fire("patient-view") == 0
    printed = capsys.readouterr().out
    for part in (
        "WARNING",
        "ANC 0.96 on anakinra: consider holding",
        "0.96 x10\u2079/L, 2 days ago.",
        "20 Nov",
        "Suggestions (choose at most one, or none):",
        "1. Hold anakinra and repeat the count (recommended)",
        "- Put the order on hold (update: MedicationRequest/m1)",
        "- Remove the draft (delete: MedicationRequest/draft-1)",
        "2. Repeat the count only",
        "Reasons to override: IL-1 blockade is treating MAS",
        "Source: Anakinra CDS https://cds.example.org",
        "Link: Perrin 2014 https://doi.example.org/1",
    ):
        assert part in printed


def test_no_cards_is_said(fire: Fire, service: StubServer, capsys: Captured) -> None:
    service.answers["/cds-services/neutrophils-patient-view"] = (200, {"cards": []})
    assert fire("patient-view") == 0
    assert "No cards" in capsys.readouterr().out


def test_json_is_the_answer_and_nothing_else(fire: Fire, service: StubServer, capsys: Captured) -> None:
    answer = '{"cards":[],"extension":{"count":1.10}}'
    service.answers["/cds-services/neutrophils-patient-view"] = (200, answer)
    assert fire("patient-view", "--json") == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == json.loads(answer)
    assert "1.10" in printed, "numbers stay as the service wrote them"


def test_patient_view_sends_context_and_server(fire: Fire, service: StubServer, fhir: StubServer) -> None:
    assert fire("patient-view", "--user", "Practitioner/7") == 0
    (sent,) = service.posted()
    assert sent["hook"] == "patient-view"
    assert sent["fhirServer"] == fhir.url
    assert sent["context"] == {"userId": "Practitioner/7", "patientId": "p1"}
    assert "prefetch" not in sent
    assert "fhirAuthorization" not in sent


def test_order_select_selects_its_drafts(fire: Fire, service: StubServer) -> None:
    assert fire("order-select", "--order", "anakinra", "--order", "6851") == 0
    context = service.posted()[0]["context"]
    drugs = [
        entry["resource"]["medicationCodeableConcept"]["coding"][0]["code"] for entry in context["draftOrders"]["entry"]
    ]
    assert drugs == ["72435", "6851"]
    assert context["selections"] == ["MedicationRequest/draft-1", "MedicationRequest/draft-2"]


def test_order_sign_has_no_selections(fire: Fire, service: StubServer) -> None:
    assert fire("order-sign", "--order", "tocilizumab") == 0
    assert "selections" not in service.posted()[0]["context"]


def test_the_token_goes_to_the_fhir_server_and_is_handed_on(
    fire: Fire, service: StubServer, fhir: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDS_FHIR_TOKEN", "secret-token")
    assert fire("patient-view") == 0
    assert fhir.asked[0].headers["Authorization"] == "Bearer secret-token"
    assert all("Authorization" not in each.headers for each in service.asked)
    assert service.posted()[0]["fhirAuthorization"]["access_token"] == "secret-token"


def test_prefetch_is_sent_unless_told_otherwise(
    fire: Fire, service: StubServer, fhir: StubServer, capsys: Captured
) -> None:
    templates = {"patient": "Patient/{{context.patientId}}", "labs": "Observation?patient={{context.patientId}}"}
    service.answers["/cds-services"] = (200, {"services": [service_for("patient-view", prefetch=templates)]})
    fhir.answers["/Observation?patient=p1"] = (500, "broken")
    assert fire("patient-view") == 0
    assert fire("patient-view", "--no-prefetch") == 0
    with_prefetch, without = service.posted()
    assert with_prefetch["prefetch"] == {"patient": {"resourceType": "Patient", "id": "p1"}}
    assert "prefetch" not in without
    assert "prefetch labs: HTTP 500, left out" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["", "/", "/cds-services", "/cds-services/neutrophils-patient-view"])
def test_the_service_may_be_named_by_any_of_its_urls(given: str, service: StubServer, fhir: StubServer) -> None:
    asked = ["fire", "patient-view", "--service", service.url + given, "--fhir", fhir.url, "--patient", "Patient/p1"]
    assert run(asked) == 0


SOME_CARD = {"cards": [CARD]}
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"diagnostics": "medications\nare missing"}, {"code": "x"}]}


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (412, OUTCOME, "The service answered HTTP 412: medications are missing; x"),
        (500, "<html>no</html>", "The service answered HTTP 500"),
        (500, {"resourceType": "OperationOutcome", "issue": "?"}, "The service answered HTTP 500"),
        (500, {"resourceType": "OperationOutcome", "issue": ["?", {"details": {"text": "why"}}]}, "HTTP 500: why"),
        (200, "<html>hello</html>", "without a JSON list of cards"),
        (200, b"\xff\xfe", "without a JSON list of cards"),
        (200, "[" * 100_000, "without a JSON list of cards"),
        (200, {"cards": None}, "without a JSON list of cards"),
        (200, [], "without a JSON list of cards"),
        (200, {"cards": ["?"] * 12}, "; and 2 more"),
        (200, '{"cards": [' + "[" * 300 + "]" * 300 + "]}", "The answer cannot be judged. This is no readable JSON"),
        (200, {"cards": ["?"]}, "/cards/0: cards[0] is text; it has to be an object"),
        (200, {"cards": [CARD, CARD | {"detail": None}]}, "/cards/1/detail: detail is null"),
        (200, {"cards": [CARD | {"summary": "x" * 140}]}, "/cards/0/summary: summary has 140 characters; at most 139"),
    ],
)
def test_a_wrong_answer_is_one_line_and_exit_1(
    fire: Fire, service: StubServer, capsys: Captured, status: int, body: object, says: str
) -> None:
    service.answers["/cds-services/neutrophils-patient-view"] = (status, body)
    assert fire("patient-view") == 1
    errors = capsys.readouterr().err
    assert says in errors
    assert errors.startswith("Error: ")
    assert errors.count("\n") == 1


def test_an_error_answer_is_still_printed_as_json(fire: Fire, service: StubServer, capsys: Captured) -> None:
    service.answers["/cds-services/neutrophils-patient-view"] = (412, OUTCOME)
    assert fire("patient-view", "--json") == 1
    assert json.loads(capsys.readouterr().out) == OUTCOME


@pytest.mark.parametrize(
    ("status", "body", "code", "says"),
    [
        (200, "<html>hello</html>", 1, "not a list of services. Is http://127.0.0.1:"),
        (404, {"services": []}, 1, "answered HTTP 404, not a list of services"),
        (200, {"services": {}}, 1, "not a list of services"),
        (200, {"services": []}, 2, "No service listens to patient-view there. Listed: none."),
        (
            200,
            {"services": [None, {"id": "x"}, service_for("order-sign")]},
            2,
            "Listed: neutrophils-order-sign (order-",
        ),
        (200, {"services": [service_for("patient-view"), service_for("patient-view", id="b")]}, 2, "add --service-id"),
    ],
)
def test_discovery_that_leads_nowhere(
    fire: Fire, service: StubServer, capsys: Captured, status: int, body: object, code: int, says: str
) -> None:
    service.answers["/cds-services"] = (status, body)
    assert fire("patient-view") == code
    assert says in capsys.readouterr().err


def test_service_id_chooses(fire: Fire, service: StubServer, capsys: Captured) -> None:
    both = [service_for("patient-view"), service_for("patient-view", id="b")]
    service.answers |= {"/cds-services": (200, {"services": both}), "/cds-services/b": (200, SOME_CARD)}
    assert fire("patient-view", "--service-id", "b") == 0
    assert service.asked[-1].path == "/cds-services/b"
    assert fire("patient-view", "--service-id", "c") == 2
    assert "No service with the id c listens" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (404, OUTCOME, "There is no Patient/p1 at http://127.0.0.1:"),
        (401, "", "wants a valid token (HTTP 401). Set CDS_FHIR_TOKEN."),
        (200, "<html>", "does not answer as a FHIR R4 server (HTTP 200). Check --fhir."),
        (200, {"resourceType": "Bundle"}, "does not answer as a FHIR R4 server"),
    ],
)
def test_a_patient_who_is_not_there(
    fire: Fire, fhir: StubServer, capsys: Captured, status: int, body: object, says: str
) -> None:
    fhir.answers["/Patient/p1"] = (status, body)
    assert fire("patient-view") == 2
    assert says in capsys.readouterr().err
