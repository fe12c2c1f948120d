"""Feedback: what each outcome carries, and when it was."""

import pytest

from tests.validate.payloads import FEEDBACK, found, without

OVERRIDDEN = without(FEEDBACK, "acceptedSuggestions") | {"outcome": "overridden"}
REASON = {"reason": {"system": "urn:x", "code": "a"}}
ENTRY = "/feedback/0"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (FEEDBACK, []),
        (OVERRIDDEN, []),
        (OVERRIDDEN | {"overrideReason": REASON}, []),
        (FEEDBACK | {"outcomeTimestamp": "2026-01-02T03:04:05.678+00:00"}, []),
        (without(FEEDBACK, "acceptedSuggestions"), [("error", ENTRY, "cds-hooks_2.0@158")]),
        (FEEDBACK | {"outcome": "ignored"}, [("error", f"{ENTRY}/outcome", "cds-hooks_2.0@156")]),
        (
            FEEDBACK | {"overrideReason": REASON},
            [("warning", f"{ENTRY}/overrideReason", "anakinra-cds_1@feedback-members")],
        ),
        (
            OVERRIDDEN | {"acceptedSuggestions": [{"id": "a"}]},
            [("warning", f"{ENTRY}/acceptedSuggestions", "anakinra-cds_1@feedback-members")],
        ),
        (
            OVERRIDDEN | {"overrideReason": {"reason": "because"}},
            [("error", f"{ENTRY}/overrideReason/reason", "cds-hooks_2.0@165")],
        ),
        (
            OVERRIDDEN | {"outcomeTimestamp": "2026-01-02T03:04:05+01:00"},
            [("error", f"{ENTRY}/outcomeTimestamp", "cds-hooks_2.0@161")],
        ),
        (
            OVERRIDDEN | {"outcomeTimestamp": "0001-01-01T00:00:00+14:00"},
            [("error", f"{ENTRY}/outcomeTimestamp", "cds-hooks_2.0@161")],
        ),
        (
            OVERRIDDEN | {"outcomeTimestamp": "2999-01-02T03:04:05Z"},
            [("hint", f"{ENTRY}/outcomeTimestamp", "anakinra-cds_1@clock")],
        ),
    ],
)
def test_an_entry(entry: dict[str, object], expected: list[tuple[str, str, str]]) -> None:
    assert found({"feedback": [entry]}) == expected
