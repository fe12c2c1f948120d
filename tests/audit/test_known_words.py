"""Of a reason and of a refusal, only our own words are kept."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cds_service.clinical
from cds_service.audit.known_words import OTHER, known_problem, known_words

REASONS = {
    "neutrophil counts not available (the FHIR server answered HTTP 403 (not allowed: is the access token there?))": (
        "neutrophil counts not available; HTTP 403"
    ),
    "medication requests incomplete (could not be read: Observation/Canary, MedicationRequest/Mueller)": (
        "medication requests incomplete; could not be read"
    ),
    "labs: an OperationOutcome came instead of data (Canary)": "an OperationOutcome came instead of data",
    "Canary Mueller 0.4": OTHER,
    "": OTHER,
}


@pytest.mark.parametrize(("reason", "kept"), REASONS.items())
def test_a_reason(reason: str, kept: str) -> None:
    assert known_words(reason) == kept


PROBLEMS = {
    "prefetch.neutrophils is missing: send it, or a fhirServer to ask (HTTP 403).": (
        "prefetch.neutrophils is missing; HTTP 403"
    ),
    "context.patientId is not an id: send the id": "context.patientId is not an id",
    "hookInstance is missing: send a UUID": "hookInstance is missing",
    "The body is not JSON (Canary): send one JSON object.": "The body is not JSON",
    "hook must be of type string, not number.": "hook must be",
    "context.Canary: the same name occurs twice.": "context twice",
    "Canary is wrong": "",
}


@pytest.mark.parametrize(("message", "kept"), PROBLEMS.items())
def test_a_problem(message: str, kept: str) -> None:
    assert known_problem(message) == kept


def reasons_in_the_rules() -> Iterator[str]:
    """What stands between ``not_evaluated(`` and the first value, in every rule."""
    for file in sorted(Path(cds_service.clinical.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "not_evaluated":
                texts = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
                yield from [str(text) for text in texts if isinstance(text, str) and text][:1]


def test_every_reason_that_a_rule_gives_is_known() -> None:
    reasons = list(reasons_in_the_rules())
    assert len(reasons) > 10
    assert [reason for reason in reasons if known_words(reason) == OTHER] == []
