"""Batches that are not taken: each fault by its pointer, and no value."""

import json

import pytest

from cds_service.errors import BadRequest
from cds_service.feedback.read import MOST_ENTRIES, MOST_FAULTS, MOST_SUGGESTIONS, read_feedback
from tests.feedback.reports import ACCEPTED, CANARY, CODING, OVERRIDDEN, SUGGESTION, SYSTEM, body, overridden, without

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
