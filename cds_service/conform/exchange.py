"""One HTTP call as it was made and what came back. Nothing here opens a connection."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer.

    ``status`` is 0 and ``fault`` says why where no answer came. Header names are in lower case; Authorization is never
    among those kept. ``seconds`` is until the last byte.
    """

    method: str
    url: str
    sent_headers: Mapping[str, str] = field(default_factory=dict)
    sent: bytes = b""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    fault: str = ""
    json: Any = field(default=None)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """True for a 4xx: the caller is told that it was wrong."""
        return 400 <= self.status < 500

    @property
    def cards(self) -> list[Any] | None:
        """The list of cards of a successful answer, empty or not; None for any other answer."""
        found = self.json.get("cards") if self.ok and isinstance(self.json, dict) else None
        return found if isinstance(found, list) else None

    @property
    def is_outcome(self) -> bool:
        """True if the body is a FHIR OperationOutcome with at least one issue."""
        body = self.json
        return (
            isinstance(body, dict)
            and body.get("resourceType") == "OperationOutcome"
            and isinstance(body.get("issue"), list)
            and bool(body["issue"])
        )

    @property
    def said(self) -> str:
        """What came, in a few words: "HTTP 200 with 2 cards", "no answer in 10 s"."""
        if not self.status:
            return self.fault
        if 300 <= self.status < 400:
            where = self.headers.get("location", "nowhere")
            return f"HTTP {self.status}, a redirect to {where!r}, which EHRs do not follow"
        if self.cards is None:
            return f"HTTP {self.status}" + (f" ({self.fault})" if self.fault else "")
        number = len(self.cards)
        return f"HTTP {self.status} with " + (
            "an empty list of cards" if not number else f"{number} card{'s'[: number > 1]}"
        )


def read_json(body: bytes) -> Any:
    """The JSON value of ``body``, or None if it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
