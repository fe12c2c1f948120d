"""Batches of feedback as clients send them: what is taken."""

import json

import pytest

from cds_service.feedback.entry import Entry, Reason
from cds_service.feedback.read import read_feedback
from tests.feedback.reports import (
    ACCEPTED,
    ACCEPTED_ENTRY,
    AT,
    CANARY,
    CARD,
    CODING,
    OVERRIDDEN,
    OVERRIDDEN_ENTRY,
    REASON,
    SUGGESTION,
    SYSTEM,
    body,
    overridden,
)

TAKEN = {
    "accepted, as the public sandbox sends it": (body(ACCEPTED), [ACCEPTED_ENTRY]),
    "dismissed, as the public sandbox sends it": (body(OVERRIDDEN), [OVERRIDDEN_ENTRY]),
    "overridden with a reason": (
        body(OVERRIDDEN | {"overrideReason": {"reason": CODING, "userComment": "seen"}}),
        [OVERRIDDEN_ENTRY._replace(reason=REASON, comment="seen")],
    ),
    "overridden with a comment alone": (
        body(OVERRIDDEN | {"overrideReason": {"userComment": " seen\0 "}}),
        [OVERRIDDEN_ENTRY._replace(comment="seen")],
    ),
    "a reason with its display": (
        body(OVERRIDDEN | {"overrideReason": {"reason": CODING | {"display": "Known baseline"}}}),
        [OVERRIDDEN_ENTRY._replace(reason=REASON)],
    ),
    "the reason without its inner object (ballot of 1.1)": (
        body(OVERRIDDEN | {"overrideReason": CODING}),
        [OVERRIDDEN_ENTRY._replace(reason=REASON)],
    ),
    "a code of two words": (
        body(OVERRIDDEN | {"overrideReason": {"reason": CODING | {"code": "will review"}}}),
        [OVERRIDDEN_ENTRY._replace(reason=Reason("will review", SYSTEM))],
    ),
    "one report without the envelope": (json.dumps(ACCEPTED).encode(), [ACCEPTED_ENTRY]),
    "several cards in one batch": (body(ACCEPTED, OVERRIDDEN), [ACCEPTED_ENTRY, OVERRIDDEN_ENTRY]),
    "a batch of none": (body(), []),
    "fields nobody knows, NaN-free": (
        json.dumps({"feedback": [ACCEPTED | {"x": [1]}], "hookInstance": CANARY, "extension": {"y": {}}}).encode(),
        [ACCEPTED_ENTRY],
    ),
    "null for absent": (
        body(OVERRIDDEN | {"overrideReason": None, "acceptedSuggestions": None}),
        [OVERRIDDEN_ENTRY],
    ),
    "an empty list for no suggestion": (body(OVERRIDDEN | {"acceptedSuggestions": []}), [OVERRIDDEN_ENTRY]),
    "an empty reason": (body(OVERRIDDEN | {"overrideReason": {}}), [OVERRIDDEN_ENTRY]),
    "accepted with an empty reason": (body(ACCEPTED | {"overrideReason": {}}), [ACCEPTED_ENTRY]),
    "a suggestion named twice": (
        body(ACCEPTED | {"acceptedSuggestions": [{"id": SUGGESTION}, {"id": SUGGESTION, "extension": {}}]}),
        [ACCEPTED_ENTRY],
    ),
    "uuids in capitals, as a URN, with spaces": (
        body(
            ACCEPTED | {"card": f"urn:uuid:{CARD.upper()}", "acceptedSuggestions": [{"id": f" {SUGGESTION.upper()} "}]}
        ),
        [ACCEPTED_ENTRY],
    ),
    "ids that are no uuids": (
        body(ACCEPTED | {"card": "Card-001", "acceptedSuggestions": [{"id": "s1"}]}),
        [Entry("Card-001", "accepted", AT, ("s1",))],
    ),
    "a byte order mark": (b"\xef\xbb\xbf" + body(OVERRIDDEN), [OVERRIDDEN_ENTRY]),
}


@pytest.mark.parametrize(("sent", "read"), TAKEN.values(), ids=TAKEN)
def test_what_is_clear_is_taken(sent: bytes, read: list[Entry]) -> None:
    assert list(read_feedback(sent)) == read


def test_a_report_never_shows_its_comment() -> None:
    (entry,) = read_feedback(overridden(userComment=CANARY))
    assert CANARY not in f"{entry!r} {entry}"
