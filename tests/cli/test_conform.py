"""``cds-service conform``: exit codes 0 and 1, what is called, what is printed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.cli.main import run
from tests.conform.faults import Change, card, discovery, service
from tests.conform.good_service import CARD, SERVICE, GoodService, Reply
from tests.stub_server import StubServer

Captured = pytest.CaptureFixture[str]
QUICK = ["--calls", "1", "--patients", "1", "--timeout", "2"]


@pytest.mark.parametrize(
    ("change", "more", "code"),
    [
        (None, [], 0),
        (card(summary="x" * 140), [], 1),
        (service(title=None), [], 0),
        (service(title=None), ["--strict"], 1),
        (lambda _, __: Reply(404, b""), [], 1),
    ],
    ids=["good", "a failed SHALL", "a failed SHOULD", "a failed SHOULD, strictly", "no service"],
)
def test_exit_codes(serve: Callable[..., GoodService], change: Change | None, more: list[str], code: int) -> None:
    assert run(["conform", serve(change).url, *QUICK, *more]) == code


def test_one_line_a_requirement_with_the_reason(serve: Callable[..., GoodService], capsys: Captured) -> None:
    run(["conform", serve(card(summary="x" * 140)).url, *QUICK])
    printed = capsys.readouterr().out.splitlines()

    assert "\u2713 GET /cds-services answers with the services  cds-hooks_2.0@5" in printed
    failed = printed.index("\u2717 A card's summary is under 140 characters  cds-hooks_2.0@83")
    assert printed[failed + 1].startswith("    /cards/0/summary: summary has 140 characters")
    assert printed[failed + 2] == "    SHALL: https://cds-hooks.hl7.org/2.0/#card-attributes"
    untested = "\u2013 A source's url is absolute  cds-hooks_2.0@107  No source had url"
    assert untested in printed
    assert "\u2717 1 fail" in printed[-2]
    assert "calls in" in printed[-1]


@pytest.mark.parametrize("given", ["/", "/cds-services", "/cds-services/neutrophils", "/cds-discovery"])
def test_the_service_may_be_named_by_any_of_its_urls(serve: Callable[..., GoodService], given: str) -> None:
    assert run(["conform", serve().url + given, *QUICK]) == 0


def test_reports_are_written_and_the_token_is_nowhere(
    serve: Callable[..., GoodService], tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDS_SERVICE_TOKEN", "secret-token")
    files = [tmp_path / f"report.{each}" for each in ("html", "json", "xml")]
    named = [part for each in files for part in ("--report", str(each))]

    assert run(["conform", serve(token="secret-token").url, *QUICK, *named]) == 0
    printed = capsys.readouterr()
    for text in (printed.out, printed.err, *(each.read_text() for each in files)):
        assert text
        assert "secret-token" not in text


def test_your_own_request_is_called_and_judged(
    serve: Callable[..., GoodService], tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / "request.json"
    entry = {"resource": {"resourceType": "Observation", "id": "o"}}
    counts = {"resourceType": "Bundle", "type": "searchset", "entry": [entry]}
    body = {"hook": "patient-view", "context": {"patientId": "mine", "userId": "Practitioner/1"}}
    file.write_text(json.dumps(body | {"prefetch": {"counts": counts}}))
    server = serve()

    assert run(["conform", server.url, *QUICK, "--request", str(file)]) == 0
    sent = json.loads(next(each.body for each in server.asked if b'"mine"' in each.body))
    assert sent["prefetch"]["counts"] == counts
    assert sent["hookInstance"]


def test_a_service_for_another_hook_needs_a_request_of_your_own(
    serve: Callable[..., GoodService], capsys: Captured
) -> None:
    assert run(["conform", serve(service(hook="encounter-start")).url, *QUICK]) == 0
    assert "This tool plays patient-view, order-select, order-sign, not encounter-start" in capsys.readouterr().out


def test_a_group_may_be_left_out(serve: Callable[..., GoodService], capsys: Captured) -> None:
    server = serve()

    assert run(["conform", server.url, *QUICK, "--skip", "feedback"]) == 0
    assert not any(each.path.endswith("/feedback") for each in server.asked)
    assert (
        "Malformed feedback is refused  anakinra-cds_1@feedback-malformed  Left out with --skip"
        in capsys.readouterr().out
    )


def test_only_the_service_named(serve: Callable[..., GoodService], capsys: Captured) -> None:
    two = {"services": [SERVICE, SERVICE | {"id": "another"}]}
    server = serve(discovery(lambda _: Reply(200, two)))

    assert run(["conform", server.url, *QUICK, "--service-id", "neutrophils"]) == 0
    assert "Services: neutrophils (patient-view)" in capsys.readouterr().out
    assert run(["conform", server.url, *QUICK, "--service-id", "a third"]) == 2
    said = "--service-id a third: discovery lists no such service, but neutrophils, another."
    assert said in capsys.readouterr().err


@pytest.fixture
def fhir(stub: Callable[..., StubServer]) -> StubServer:
    """A FHIR server of the user's own, with one patient who has one count."""
    patient = {"resourceType": "Patient", "id": "p1"}
    count = {"resourceType": "Observation", "id": "o1", "status": "final", "subject": {"reference": "Patient/p1"}}
    bundle = {"resourceType": "Bundle", "type": "searchset"}
    return stub(
        {
            "/Patient/p1": (200, patient),
            "/Patient?_count=1": (200, bundle | {"entry": [{"resource": patient}]}),
            "/Observation?patient=p1&_sort=-date&_count=100": (200, bundle | {"entry": [{"resource": count}]}),
            "/Observation?patient=p1&_count=100": (200, bundle | {"entry": [{"resource": count}]}),
        }
    )


def test_patients_of_a_fhir_server_that_the_user_names(
    serve: Callable[..., GoodService], fhir: StubServer, capsys: Captured
) -> None:
    server = serve()

    assert run(["conform", server.url, *QUICK, "--fhir", fhir.url, "--fhir-token", "fhir-secret"]) == 0
    printed = capsys.readouterr().out
    assert "\u2713 Advice is the same from prefetch and from the FHIR server" in printed
    assert "cannot be seen" in printed
    called = json.loads(next(each.body for each in server.asked if each.method == "POST"))
    assert called["fhirServer"] == fhir.url
    assert called["fhirAuthorization"]["access_token"] == "fhir-secret"
    assert called["context"]["patientId"] == "p1"


def test_the_stories_of_a_fhir_server_that_has_them(
    serve: Callable[..., GoodService], fhir: StubServer, capsys: Captured
) -> None:
    fhir.answers["/Patient/case1b"] = (200, {"resourceType": "Patient", "id": "case1b"})
    server = serve()
    run(["conform", server.url, *QUICK, "--fhir", fhir.url])

    assert any(b'"case1b"' in each.body for each in server.asked)
    assert not any(b'"p1"' in each.body for each in server.asked)


def test_a_terminal_without_unicode_gets_plain_marks(
    serve: Callable[..., GoodService], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.console import Console

    from cds_service.cli.conform_lines import _mark

    class Ascii(Console):
        encoding = "ascii"

    assert [_mark(Ascii(), each) for each in ("pass", "fail", "not tested")] == ["+", "x", "-"]


def test_what_a_service_says_cannot_steer_the_terminal(serve: Callable[..., GoodService], capsys: Captured) -> None:
    evil = {"services": [{"id": "\x1b[31mred", "hook": "patient-view", "title": CARD["summary"], "description": "d"}]}
    run(["conform", serve(lambda call, reply: Reply(200, evil) if call.method == "GET" else reply).url, *QUICK])

    assert "\x1b" not in capsys.readouterr().out
