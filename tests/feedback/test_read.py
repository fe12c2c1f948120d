"""Batches as clients send them: what is taken, and each fault of one that is not, by its pointer."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cds_service.errors import BadRequest
from cds_service.feedback.entry import Entry, Reason
from cds_service.feedback.read import MOST_ENTRIES, MOST_FAULTS, MOST_SUGGESTIONS, read_feedback

CANARY = "Canary-Zx9-Patient"
CARD = "0ee39951-9dce-41e8-81ee-13c829b6794b"
SUGGESTION = "83e4cfc3-8ed4-421d-b3ec-7609e6a38125"
AT = datetime(2020, 5, 13, 20, 8, 46, 365_000, UTC)
SYSTEM = "urn:anakinra-cds:override-reason"
REASON = Reason("known-baseline", SYSTEM)

ACCEPTED = {
    "card": CARD,
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": SUGGESTION}],
    "outcomeTimestamp": "2020-05-13T20:08:46.365Z",
}
OVERRIDDEN = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": "2020-05-13T20:08:46.365Z"}
CODING = {"code": "known-baseline", "system": SYSTEM}

ACCEPTED_ENTRY = Entry(CARD, "accepted", AT, (SUGGESTION,))
OVERRIDDEN_ENTRY = Entry(CARD, "overridden", AT)


def body(*reports: Any) -> bytes:
    return json.dumps({"feedback": list(reports)}).encode()


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


def without(report: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in report.items() if key != name}


def overridden(**override: Any) -> bytes:
    return body(OVERRIDDEN | {"overrideReason": override})


REFUSED = {
    "no card (a client whose card had no uuid)": (body(without(OVERRIDDEN, "card")), ["/feedback/0/card"]),
    "card is null": (body(OVERRIDDEN | {"card": None}), ["/feedback/0/card"]),
    "card is a number": (body(OVERRIDDEN | {"card": 1}), ["/feedback/0/card"]),
    "card is empty": (body(OVERRIDDEN | {"card": " "}), ["/feedback/0/card"]),
    "card is free text": (body(OVERRIDDEN | {"card": f"{CANARY} of today"}), ["/feedback/0/card"]),
    "card is too long": (body(OVERRIDDEN | {"card": "c" * 65}), ["/feedback/0/card"]),
    "no outcome": (body(without(OVERRIDDEN, "outcome")), ["/feedback/0/outcome"]),
    "outcome ignored": (body(OVERRIDDEN | {"outcome": "ignored"}), ["/feedback/0/outcome"]),
    "outcome in capitals": (body(OVERRIDDEN | {"outcome": "OVERRIDDEN"}), ["/feedback/0/outcome"]),
    "outcome is an object": (body(OVERRIDDEN | {"outcome": {"x": CANARY}}), ["/feedback/0/outcome"]),
    "no instant": (body(without(OVERRIDDEN, "outcomeTimestamp")), ["/feedback/0/outcomeTimestamp"]),
    "an instant without a zone": (
        body(OVERRIDDEN | {"outcomeTimestamp": "2020-05-13T20:08:46"}),
        ["/feedback/0/outcomeTimestamp"],
    ),
    "milliseconds since 1970": (body(OVERRIDDEN | {"outcomeTimestamp": 1605e9}), ["/feedback/0/outcomeTimestamp"]),
    "accepted, but what?": (body(without(ACCEPTED, "acceptedSuggestions")), ["/feedback/0/acceptedSuggestions"]),
    "accepted nothing": (body(ACCEPTED | {"acceptedSuggestions": []}), ["/feedback/0/acceptedSuggestions"]),
    "suggestions are an object": (body(ACCEPTED | {"acceptedSuggestions": {}}), ["/feedback/0/acceptedSuggestions"]),
    "too many suggestions": (
        body(ACCEPTED | {"acceptedSuggestions": [{"id": "s"}] * (MOST_SUGGESTIONS + 1)}),
        ["/feedback/0/acceptedSuggestions"],
    ),
    "suggestions as strings": (
        body(ACCEPTED | {"acceptedSuggestions": [SUGGESTION]}),
        ["/feedback/0/acceptedSuggestions/0"],
    ),
    "a suggestion without id": (
        body(ACCEPTED | {"acceptedSuggestions": [{"id": SUGGESTION}, {"uuid": SUGGESTION}]}),
        ["/feedback/0/acceptedSuggestions/1/id"],
    ),
    "overridden and accepted": (
        body(OVERRIDDEN | {"acceptedSuggestions": [{"id": SUGGESTION}]}),
        ["/feedback/0/acceptedSuggestions"],
    ),
    "overridden, suggestions of another type": (
        body(OVERRIDDEN | {"acceptedSuggestions": CANARY}),
        ["/feedback/0/acceptedSuggestions"],
    ),
    "accepted and overridden": (
        body(ACCEPTED | {"overrideReason": {"reason": CODING}}),
        ["/feedback/0/overrideReason"],
    ),
    "override reason is a string": (
        body(OVERRIDDEN | {"overrideReason": CANARY}),
        ["/feedback/0/overrideReason"],
    ),
    "reason is a string": (overridden(reason=CANARY), ["/feedback/0/overrideReason/reason"]),
    "reason without system": (overridden(reason={"code": "x"}), ["/feedback/0/overrideReason/reason/system"]),
    "reason without code": (overridden(reason={"system": SYSTEM}), ["/feedback/0/overrideReason/reason/code"]),
    "a code too long": (overridden(reason=CODING | {"code": "x" * 65}), ["/feedback/0/overrideReason/reason/code"]),
    "a code with a line break": (
        overridden(reason=CODING | {"code": "x\ny"}),
        ["/feedback/0/overrideReason/reason/code"],
    ),
    "a code that turns text": (
        overridden(reason=CODING | {"code": "x\u202ey"}),
        ["/feedback/0/overrideReason/reason/code"],
    ),
    "a system that is no URI": (
        overridden(reason=CODING | {"system": "override reasons"}),
        ["/feedback/0/overrideReason/reason/system"],
    ),
    "a code beside nothing": (overridden(code="x"), ["/feedback/0/overrideReason/system"]),
    "comment is a number": (overridden(userComment=5), ["/feedback/0/overrideReason/userComment"]),
    "feedback is missing": (b"{}", ["/feedback"]),
    "feedback is null": (b'{"feedback": null}', ["/feedback"]),
    "feedback is one object": (json.dumps({"feedback": ACCEPTED}).encode(), ["/feedback"]),
    "feedback is a string": (b'{"feedback": "x"}', ["/feedback"]),
    "too many reports": (b'{"feedback": [' + b",".join([b"1"] * (MOST_ENTRIES + 1)) + b"]}", ["/feedback"]),
    "a report is a string": (body(CANARY), ["/feedback/0"]),
    "a report is a list": (body([ACCEPTED]), ["/feedback/0"]),
    "a name twice in a report": (
        body(OVERRIDDEN).replace(b'"outcome": "overridden"', b'"outcome": "accepted", "outcome": "overridden"'),
        ["/feedback/0"],
    ),
    "feedback twice": (b'{"feedback": [], "feedback": []}', ["The body"]),
    "no envelope, and a fault": (json.dumps(without(ACCEPTED, "outcome")).encode(), ["/outcome"]),
    "every fault of every report, in order": (
        body({}, ACCEPTED, OVERRIDDEN | {"card": 5, "overrideReason": {"reason": {}}}),
        [
            *(f"/feedback/0/{name}" for name in ("card", "outcome", "outcomeTimestamp")),
            "/feedback/2/card",
            "/feedback/2/overrideReason/reason/code",
            "/feedback/2/overrideReason/reason/system",
        ],
    ),
}


@pytest.mark.parametrize(("sent", "pointers"), REFUSED.values(), ids=REFUSED)
def test_each_fault_is_told_with_its_pointer_and_no_value(sent: bytes, pointers: list[str]) -> None:
    with pytest.raises(BadRequest) as refused:
        read_feedback(sent)
    assert [line.partition(": ")[0] for line in refused.value.messages] == pointers
    assert all("send" in line or "leave it out" in line or "put" in line for line in refused.value.messages)
    assert CANARY not in str(refused.value)


def test_of_very_many_faults_the_first_are_told() -> None:
    with pytest.raises(BadRequest) as refused:
        read_feedback(body(*[{}] * 100))
    *told, last = refused.value.messages
    assert len(told) == MOST_FAULTS
    assert last == "And 250 more: mend these first, then send it again."


def test_a_report_never_shows_its_comment() -> None:
    (entry,) = read_feedback(overridden(userComment=CANARY))
    assert CANARY not in f"{entry!r} {entry}"
