"""What a payload is, without being told; honest where nobody can tell."""

import pytest

from cds_service.validate import validate
from cds_service.validate.kinds import kind_by_members, why_unknown
from tests.validate.payloads import CARD, FEEDBACK, REQUEST, SERVICE


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (REQUEST, "request"),
        ({"context": {}}, "request"),
        ({"cards": []}, "response"),
        ({"Cards": []}, "response"),
        ({"card": [CARD]}, "response"),
        ({"systemActions": []}, "response"),
        ({"services": []}, "discovery"),
        ({"service": []}, "discovery"),
        ({"feedback": []}, "feedback"),
        (CARD, "card"),
        ({"summary": "x"}, "card"),
        # without the object around them
        ([CARD], "response"),
        ([SERVICE], "discovery"),
        ([FEEDBACK], "feedback"),
        (FEEDBACK, "feedback"),
        # nobody can tell
        ({}, "unknown"),
        ([], "unknown"),
        ([1], "unknown"),
        (7, "unknown"),
        ({"a": 1}, "unknown"),
        ({"hook": "x", "cards": []}, "unknown"),
        ({"resourceType": "Patient"}, "unknown"),
    ],
)
def test_the_members_tell(payload: object, kind: str) -> None:
    assert kind_by_members(payload) == kind


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (None, "The payload is null; every CDS Hooks payload is an object."),
        ({"resourceType": "Patient"}, "The payload is a FHIR resource by itself, none of the payloads of CDS Hooks."),
        ({"hook": "x", "cards": []}, "The payload has members of more than one kind: response or request."),
        ({}, "The payload has none of the members that tell its kind: hook, cards, services, feedback or summary."),
    ],
)
def test_why_nobody_can_tell(payload: object, why: str) -> None:
    assert why_unknown(payload) == why


def test_a_payload_of_no_kind_is_an_error_that_says_what_to_do() -> None:
    report = validate(b"{}")
    (finding,) = report.errors
    assert report.kind == "unknown"
    assert finding.fix == "Say which kind it is meant to be: request, response, discovery, feedback or card."


@pytest.mark.parametrize("wrong", [{"kind": "cards"}, {"profile": "1.0"}])
def test_a_kind_or_a_profile_that_there_is_none_of(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"kind|profile"):
        validate(b'{"cards": []}', **wrong)
