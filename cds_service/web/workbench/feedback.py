"""Passes on what the clinician at the page did with a card, as an EHR would, and shows the answer.

https://cds-hooks.hl7.org/2.0/#feedback
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from cds_service.ehr.call import service_path
from cds_service.web.workbench.here import Here
from cds_service.web.workbench.places import service_place_of
from cds_service.web.workbench.shown import shown_json


class Asked(msgspec.Struct):
    """``suggestion`` for a card that was accepted; else it was overridden, with a ``reason`` (a coding) or without."""

    service_id: str
    card: str
    service: str = ""
    service_token: str = ""
    suggestion: str = ""
    reason: dict[str, Any] = {}
    comment: str = ""


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    """What was sent and what came back, each as text."""
    place = service_place_of(asked.service, asked.service_token, here)
    path = f"{service_path(asked.service_id)}/feedback"
    body = {"feedback": [item(asked, datetime.now(UTC))]}
    got = place.post(path, body)
    return {
        "url": f"{place.base}/{path}",
        "sent": shown_json(msgspec.json.encode(body)),
        "status": got.status,
        "ok": got.ok,
        "line": got.in_a_line(),
        "received": shown_json(got.body),
    }


def item(asked: Asked, now: datetime) -> dict[str, Any]:
    """One feedback item."""
    told: dict[str, Any] = {"card": asked.card}
    if asked.suggestion:
        told |= {"outcome": "accepted", "acceptedSuggestions": [{"id": asked.suggestion}]}
    else:
        told["outcome"] = "overridden"
        reason = ({"reason": asked.reason} if asked.reason else {}) | (
            {"userComment": asked.comment} if asked.comment else {}
        )
        told |= {"overrideReason": reason} if reason else {}
    return told | {"outcomeTimestamp": now.isoformat(timespec="seconds").replace("+00:00", "Z")}
