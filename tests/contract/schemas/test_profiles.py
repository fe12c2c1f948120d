"""What the ballot and CRD add to 2.0, and where they are milder."""

from typing import Any

import pytest

from tests.contract.schemas.breaking import check, found, pointer_of
from tests.contract.schemas.payloads import ABSENT, DISCOVERY, GOOD, changed

BALLOT, CRD = "cds-hooks_3.0-ballot@", "davinci-crd_2.2.1@"
SUGGESTION, SERVICE, DRAFT = "/cards/0/suggestions/0", "/services/0", "/context/draftOrders/entry/0/resource"
OPTION = {
    "code": "coverage-info",
    "type": "boolean",
    "name": "Coverage",
    "description": "Whether coverage is told.",
    "default": True,
}
OPTIONS, VERSION = "davinci-crd.configuration-options", "davinci-crd.version"
CRD_DISCOVERY = changed(DISCOVERY, f"{SERVICE}/extension", {OPTIONS: [OPTION], VERSION: ["2.0", "2.2"]})
BALLOT_DISCOVERY = changed(DISCOVERY, f"{SERVICE}/version", "STU3")


@pytest.mark.parametrize(
    ("kind", "body"), [("response", GOOD["response"]), ("feedback", GOOD["feedback"]), ("discovery", BALLOT_DISCOVERY)]
)
def test_a_good_body_is_good_in_the_ballot(kind: str, body: Any) -> None:
    assert found(kind, body, "3.0-ballot") == []


@pytest.mark.parametrize(
    ("where", "value"),
    [(f"{SUGGESTION}/actionSelectionBehavior", "any"), ("/systemActions/0/description", ABSENT)],
)
def test_the_ballot_allows(where: str, value: Any) -> None:
    assert found("response", changed(GOOD["response"], where, value), "3.0-ballot") == []


def test_the_ballot_names_the_choices_of_actions() -> None:
    where = f"{SUGGESTION}/actionSelectionBehavior"
    body = changed(GOOD["response"], where, "none")

    check("response", body, where, f"{BALLOT}suggestion.actionSelectionBehavior", "error", "3.0-ballot")
    assert found("response", body) == []


@pytest.mark.parametrize(
    ("value", "pointer", "severity"),
    [(ABSENT, SERVICE, "hint"), ("draft", f"{SERVICE}/version", "hint"), (3, f"{SERVICE}/version", "error")],
)
def test_the_ballot_recommends_a_version(value: Any, pointer: str, severity: str) -> None:
    body = changed(BALLOT_DISCOVERY, f"{SERVICE}/version", value)

    check("discovery", body, pointer, f"{BALLOT}service.version", severity, "3.0-ballot")


def test_the_ballot_keeps_the_rules_of_2_0() -> None:
    body = changed(GOOD["response"], "/cards/0/summary", "x" * 140)

    check("response", body, "/cards/0/summary", 83, "error", "3.0-ballot")


@pytest.mark.parametrize(
    ("where", "value", "pointer", "row", "severity"),
    [
        (f"{SERVICE}/extension", ABSENT, SERVICE, "dev-5", "error"),
        (f"{SERVICE}/extension/{OPTIONS}", ABSENT, f"{SERVICE}/extension", "dev-5", "error"),
        (f"{SERVICE}/extension/{OPTIONS}/0/default", ABSENT, f"{SERVICE}/extension/{OPTIONS}/0", "dev-4", "error"),
        (f"{SERVICE}/extension/{OPTIONS}/0/type", "string", f"{SERVICE}/extension/{OPTIONS}/0/type", "dev-4", "error"),
        (f"{SERVICE}/extension/{VERSION}", ABSENT, f"{SERVICE}/extension", "dev-1", "warning"),
        (f"{SERVICE}/extension/{VERSION}/1", "2.2.1", f"{SERVICE}/extension/{VERSION}/1", "dev-1", "error"),
    ],
)
def test_crd_on_discovery(where: str, value: Any, pointer: str, row: str, severity: str) -> None:
    assert found("discovery", CRD_DISCOVERY, "crd") == []
    check("discovery", changed(CRD_DISCOVERY, where, value), pointer, f"{CRD}{row}", severity, "crd")


def test_crd_demands_a_topic() -> None:
    body = changed(GOOD["response"], "/cards/0/source/topic", ABSENT)

    check("response", body, "/cards/0/source", f"{CRD}resp-5", "error", "crd")
    assert found("response", body) == []


def test_crd_demands_a_uuid_of_each_suggestion() -> None:
    body = changed(GOOD["response"], f"{SUGGESTION}/uuid", ABSENT)

    rules = [(pointer_of(each), each.schema["x-requirement"]) for each in found("response", body, "crd")]
    assert (SUGGESTION, f"{CRD}resp-3") in rules


@pytest.mark.parametrize(
    ("hook", "where", "value", "pointer", "row", "severity"),
    [
        ("patient-view", "/fhirAuthorization", ABSENT, "", "found-20", "error"),
        ("encounter-start", "/fhirAuthorization", ABSENT, "", "found-20", "error"),
        ("order-sign", "/fhirAuthorization/expires_in", 31, "/fhirAuthorization/expires_in", "found-22", "hint"),
        ("order-sign", f"{DRAFT}/id", ABSENT, DRAFT, "found-36", "error"),
        ("order-select", f"{DRAFT}/id", ABSENT, DRAFT, "found-36", "error"),
    ],
)
def test_crd_on_requests(hook: str, where: str, value: Any, pointer: str, row: str, severity: str) -> None:
    good = changed(GOOD[hook], "/fhirAuthorization/expires_in", 30)

    assert found(hook, good, "crd") == []
    check(hook, changed(good, where, value), pointer, f"{CRD}{row}", severity, "crd")
