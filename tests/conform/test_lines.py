"""The lines of a report: every SHALL and SHOULD on a service has one, and none claims more than somebody checks."""

import json
import re
from pathlib import Path

import pytest

import cds_service
from cds_service.conform.exchange import Exchange
from cds_service.conform.lines import BESIDES, GROUPS, Line, lines, tell
from cds_service.conform.run import GROUPS as CHECKS
from cds_service.conform.verdicts import Outcome, Result, Verdict, failed, not_tested, passed
from cds_service.contract.requirements import requirement, requirements
from cds_service.validate import Severity, validate
from tests.conform.good_service import SERVICE

PROFILES = ("2.0", "3.0-ballot", "crd")
# Seen to be kept rather than found to be broken; or what a body is that the validator cannot read at all.
SEEN = {"cds-hooks_2.0@77", "json_rfc8259@2"}
# (hook, field that is no token) by requirement: the validator looks these up, so no rule spells them out.
NO_TOKENS = {
    "cds-hooks-library_1.0.1@16": ("order-sign", "draftOrders"),
    "cds-hooks-library_1.0.1@32": ("appointment-book", "appointments"),
    "cds-hooks-library_1.0.1@73": ("order-dispatch", "fulfillmentTasks"),
    "cds-hooks-library_1.0.1@89": ("order-select", "selections"),
    "cds-hooks-library_1.0.1@93": ("order-select", "draftOrders"),
}


def test_every_shall_and_should_on_a_service_has_a_line() -> None:
    listed = {line.requirement.id for profile in PROFILES for line in lines(profile)}
    binding = {each.id for each in requirements().values() if each.binds_service and each.verb.startswith("SH")}

    assert binding - listed == set()


@pytest.mark.parametrize("profile", PROFILES)
def test_each_line_stands_once_and_in_a_known_group(profile: str) -> None:
    found = [line.requirement.id for line in lines(profile)]

    assert len(found) == len(set(found))
    assert {line.group for line in lines(profile)} <= set(GROUPS)


def test_each_line_is_tested_by_a_check_or_by_the_validator_or_says_why_not() -> None:
    checked = {each for group in CHECKS for check in group.checks for each in check.requirements}
    for line in (each for profile in PROFILES for each in lines(profile)):
        ways = [line.requirement.id in checked, bool(line.needs), bool(line.reason)]
        assert ways.count(True) == 1, line.requirement.id


def test_what_a_check_names_has_a_line() -> None:
    listed = {line.requirement.id for profile in PROFILES for line in lines(profile)}
    for check in (check for group in CHECKS for check in group.checks):
        assert check.requirements
        assert set(check.requirements) <= listed, check.title


def test_what_the_validator_is_trusted_with_is_among_its_rules() -> None:
    folder = Path(cds_service.__file__).parent
    rules = [*(folder / "validate").rglob("*.py"), *(folder / "contract" / "schemas").rglob("*.json")]
    told = set(re.findall(r"[\w.-]+@[\w.-]+", "".join(file.read_text("utf-8") for file in rules)))
    for line in (each for profile in PROFILES for each in lines(profile) if each.needs):
        assert line.counted & told or line.requirement.id in {*SEEN, *NO_TOKENS}, line.requirement.id


@pytest.mark.parametrize("identifier", NO_TOKENS)
def test_the_validator_knows_what_is_no_token(identifier: str) -> None:
    hook, field = NO_TOKENS[identifier]
    listed = SERVICE | {"hook": hook, "prefetch": {"key": f"Patient/{{{{context.{field}}}}}"}}
    found = validate(json.dumps({"services": [listed]}).encode(), "discovery").errors

    assert identifier in {each.requirement for each in found}


def line(identifier: str, needs: str = "") -> Line:
    return Line(requirement(identifier), "cards", "title", needs, frozenset({identifier}), "why not")


def result(identifier: str, verdict: Verdict, service: str = "s") -> Result:
    return Result("check", (identifier,), service, verdict)


SHALL, SHOULD, MAY = "cds-hooks_2.0@83", "cds-hooks_2.0@8", "anakinra-cds_1@operation-outcome"


@pytest.mark.parametrize(
    ("known", "severity", "outcome"),
    [
        (line(SHALL), Severity.ERROR, Outcome.FAIL),
        (line(SHALL), Severity.WARNING, Outcome.WARNING),
        (line(SHALL), Severity.HINT, Outcome.HINT),
        (line(SHOULD), Severity.ERROR, Outcome.WARNING),
        (line(SHOULD), Severity.HINT, Outcome.HINT),
        (line(MAY), Severity.ERROR, Outcome.HINT),
        (line("cds-hooks_2.0@122", needs="suggestion"), Severity.ERROR, Outcome.FAIL),
    ],
)
def test_a_failure_weighs_what_the_verb_and_the_finding_allow(
    known: Line, severity: Severity, outcome: Outcome
) -> None:
    (told,) = tell([known], [result(known.requirement.id, Verdict(Outcome.FAIL, "wrong", (), severity))])

    assert (told.outcome, told.reason) == (outcome, "wrong")


E = Exchange("GET", "http://x")


@pytest.mark.parametrize(
    ("results", "outcome", "reason"),
    [
        ([], Outcome.NOT_TESTED, "why not"),
        ([result(SHALL, not_tested("no card"))], Outcome.NOT_TESTED, "no card"),
        ([result(SHALL, not_tested("no card")), result(SHALL, passed(E))], Outcome.PASS, ""),
        ([result(SHALL, passed(E)), result(SHALL, failed("too long", E))], Outcome.FAIL, "too long"),
        ([result(SHALL, failed("a"), "s"), result(SHALL, failed("b"), "t")], Outcome.FAIL, "s: a; t: b"),
        ([result(SHALL, failed("a"), "s"), result(SHALL, failed("a"), "t")], Outcome.FAIL, "a"),
        ([result(SHALL, failed(each)) for each in "abcd"], Outcome.FAIL, "a; b; and 2 more"),
    ],
)
def test_a_line_tells_what_its_checks_found(results: list[Result], outcome: Outcome, reason: str) -> None:
    (told,) = tell([line(SHALL)], results)

    assert (told.outcome, told.reason) == (outcome, reason)


@pytest.mark.parametrize("identifier", ["anakinra-cds_1@clock", "somebody@else"])
def test_what_was_found_beside_the_lines_is_told_as_well(identifier: str) -> None:
    _, besides = tell([line(SHALL)], [result(identifier, failed("odd"), BESIDES)])

    assert (besides.line.requirement.id, besides.line.group, besides.reason) == (identifier, "further", "odd")
