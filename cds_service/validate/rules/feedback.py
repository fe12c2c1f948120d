"""Feedback, one entry a card. https://cds-hooks.hl7.org/2.0/#feedback"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cds_service.validate.finding import Finding
from cds_service.validate.node import Node, of_name

_CLOCKS_DIFFER = timedelta(minutes=5)


def outcome_fits(entry: Node) -> Iterator[Finding]:
    """Each outcome has its own members."""
    outcome = entry["outcome"].text
    if outcome == "accepted" and entry["overrideReason"]:
        message = "The card was accepted, and an overrideReason is given."
        fix = "Leave overrideReason out, or send overridden."
        yield of_name(entry["overrideReason"].warning("anakinra-cds_1@feedback-members", message, fix))
    if outcome == "overridden" and entry["acceptedSuggestions"]:
        message = "The card was overridden, and acceptedSuggestions are given."
        fix = "Leave acceptedSuggestions out, or send accepted."
        yield of_name(entry["acceptedSuggestions"].warning("anakinra-cds_1@feedback-members", message, fix))


def is_not_of_the_future(entry: Node, now: datetime) -> Iterator[Finding]:
    stamp = entry["outcomeTimestamp"]
    try:
        at = datetime.fromisoformat(stamp.text.upper())
    except ValueError:
        return
    if at.tzinfo and at > now + _CLOCKS_DIFFER:
        message = "outcomeTimestamp is in the future."
        yield stamp.hint(
            "anakinra-cds_1@clock", message, "Set the clock of the client, and send the time of the action."
        )
