"""A service that keeps the contract has no failed line: ours, and a small one that answers every check."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from cds_service.conform.bench import Options
from cds_service.conform.groups import security
from cds_service.conform.lines import lines
from cds_service.conform.verdicts import Check, Outcome, Verdict, settle
from tests.conform.conftest import quick, told, wrong
from tests.conform.good_service import GoodService

Serve = Callable[..., GoodService]


@pytest.mark.parametrize("profile", ["2.0", "3.0-ballot"])
def test_our_own_service(own_service: str, profile: str) -> None:
    run = quick(own_service, profile=profile, patients=6)
    failed = told(run, Outcome.FAIL, Outcome.WARNING)

    assert failed == {}
    assert {each.hook for each in run.services} == {"patient-view", "order-select", "order-sign"}
    assert run.count(Outcome.PASS) >= 110


def test_a_small_good_service(serve: Serve) -> None:
    run = quick(serve().url)

    assert wrong(run) == {}
    assert {each.line.requirement.id for each in run.told} == {each.requirement.id for each in lines("2.0")}


def test_a_good_service_that_wants_a_token(serve: Serve) -> None:
    service = serve(token="secret-token")
    run = quick(service.url, token="secret-token")

    assert wrong(run) == {}
    passed = told(run, Outcome.PASS)
    assert {"cds-hooks_2.0@177", "anakinra-cds_1@bad-token", "cds-hooks_2.0@201"} <= set(passed)


def test_a_service_that_looks_at_no_token(serve: Serve) -> None:
    run = quick(serve().url, token="secret-token")

    said = "Without a token: HTTP 200 with 1 card, not 401"
    assert told(run, Outcome.WARNING) == {"cds-hooks_2.0@177": said}
    assert told(run, Outcome.FAIL) == {}
    assert told(run, Outcome.NOT_TESTED)["cds-hooks_2.0@201"].startswith("The service answers calls without a token")


def test_the_crd_profile_has_its_own_lines(serve: Serve) -> None:
    run = quick(serve().url, profile="crd")

    assert "davinci-crd_2.2.1@dev-5" in told(run, Outcome.FAIL)
    passed = told(run, Outcome.PASS)
    assert passed["anakinra-cds_1@crd-five-seconds"].startswith("90 % within")
    assert {"davinci-crd_2.2.1@hook-9", "davinci-crd_2.2.1@hook-10", "davinci-crd_2.2.1@dev-17"} <= set(passed)


@pytest.mark.parametrize(
    ("base", "outcome"),
    [
        ("https://cds.example.org", Outcome.PASS),
        ("http://127.0.0.1:8000", Outcome.NOT_TESTED),
        ("http://cds.example.org", Outcome.FAIL),
    ],
)
def test_https_is_wanted_where_data_travel(base: str, outcome: Outcome) -> None:
    (check,) = [each for each in security.group.checks if "cds-hooks_2.0@168" in each.requirements]

    assert settle(check, SimpleNamespace(options=Options(base))).outcome is outcome


def test_a_fault_of_a_check_is_told_and_costs_nothing_else() -> None:
    def broken(_: object) -> Verdict:
        raise KeyError("x")

    verdict = settle(Check("title", ("id",), broken), None)

    assert (verdict.outcome, verdict.message) == (
        Outcome.NOT_TESTED,
        "A fault of this tool (KeyError): please report it",
    )


def test_a_service_that_wants_a_token_nobody_gave(serve: Serve) -> None:
    run = quick(serve(token="secret-token").url)

    assert "cds-hooks_2.0@5" in told(run, Outcome.FAIL)
    untested = told(run, Outcome.NOT_TESTED)
    assert untested["cds-hooks_2.0@16"] == "Discovery failed: HTTP 401: give a --token or a --sign-key"


def test_the_feedback_endpoint_is_optional(serve: Serve) -> None:
    def no_feedback(call, reply):  # type: ignore[no-untyped-def]
        return reply._replace(status=404) if call.path.endswith("/feedback") else reply

    run = quick(serve(no_feedback).url)

    assert wrong(run) == {}
    assert told(run, Outcome.NOT_TESTED)["anakinra-cds_1@feedback-taken"] == (
        "No feedback endpoint (HTTP 404); it is optional"
    )
