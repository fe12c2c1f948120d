"""Validates a payload that was pasted or dropped on the page."""

from typing import Any, Literal

import msgspec

from cds_service.web.workbench.findings import report_of
from cds_service.web.workbench.here import Here


class Asked(msgspec.Struct):
    """``request``: the request that a pasted response answers; empty without one."""

    text: str
    kind: Literal["auto", "request", "response", "discovery", "feedback", "card"] = "auto"
    profile: Literal["2.0", "3.0-ballot", "crd"] = "2.0"
    request: str = ""


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    """The kind it was taken for and every finding. Unreadable, one line, for what is no JSON."""
    return report_of(asked.text, asked.kind, request=asked.request, profile=asked.profile)
