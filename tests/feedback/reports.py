"""Reports of feedback to send, and what becomes of the good ones."""

import json
from datetime import UTC, datetime
from typing import Any

from cds_service.feedback.entry import Entry, Reason

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


def without(report: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in report.items() if key != name}


def overridden(**override: Any) -> bytes:
    return body(OVERRIDDEN | {"overrideReason": override})
