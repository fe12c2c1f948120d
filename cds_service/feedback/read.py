"""Read the body of one feedback call: the whole batch or nothing (https://cds-hooks.hl7.org/2.0/#feedback).

Strict where the meaning would be lost: no outcome, no card, a time without a zone, an acceptance that does not say of
what. Lenient where it is clear, as real clients write it: one report without the envelope (the shape HAPI FHIR's
CDS Hooks module takes), an override reason without its inner ``reason`` (the ballot of version 1.1, and the public
sandbox of 2020), an instant with an offset, null for absent, any other field.
"""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from cds_service.errors import BadRequest
from cds_service.feedback.entry import ACCEPTED, OUTCOMES, OVERRIDDEN, Entry, Reason
from cds_service.feedback.instants import instant
from cds_service.feedback.json_members import Faults, Node
from cds_service.hooks import json_text

MOST_ENTRIES = 1000
MOST_SUGGESTIONS = 100
MOST_FAULTS = 50
MOST_ID_LENGTH = 64
MOST_CODE_LENGTH = 64
MOST_SYSTEM_LENGTH = 255

# Bounded and without white space: an id is stored, and free text must not come in by it.
_ID = re.compile(rf"[A-Za-z0-9._-]{{1,{MOST_ID_LENGTH}}}")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"\S+(?: \S+)*")  # https://hl7.org/fhir/R4/datatypes.html#code
_SYSTEM = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[\x21-\x7e]+")

_ENVELOPE = 'must be an object with an array "feedback": send {"feedback": [{"card": ..., "outcome": ...}]}.'
_BATCH = f"must be an array of at most {MOST_ENTRIES} reports: put a single one into it too, more into several calls."
_REPORT = 'must be an object: send {"card": ..., "outcome": ..., "outcomeTimestamp": ...}.'
_CARD = "must be the uuid of a card: send card.uuid as the answer to the hook call had it."
_OUTCOME = "must be accepted or overridden: send one of them; a card that was ignored is not reported."
_AT = 'must be an RFC 3339 instant with a time zone: send the time of the click, such as "2026-11-22T08:14:00Z".'
_ACCEPTED = 'must name what was accepted: send [{"id": suggestion.uuid}], or the outcome overridden.'
_SUGGESTION_OBJECT = 'must be an object: send {"id": suggestion.uuid}.'
_SUGGESTION = "must be the uuid of a suggestion: send suggestion.uuid as the card had it."
_NOT_ACCEPTED = "does not fit the outcome overridden: leave it out, or send the outcome accepted."
_NOT_OVERRIDDEN = "does not fit the outcome accepted: leave it out, or send the outcome overridden."
_OVERRIDE = 'must be an object: send {"reason": {"code": ..., "system": ...}, "userComment": ...}.'
_REASON = "must be an object with code and system: send them as the card's overrideReasons had them."
_REASON_CODE = f"must be a code of at most {MOST_CODE_LENGTH} characters: send it as the card's overrideReasons had it."
_REASON_SYSTEM = "must be the URI of the code's system: send it as the card's overrideReasons had it."
_COMMENT = "must be a string: send the clinician's words, or leave it out."


def read_feedback(body: bytes) -> tuple[Entry, ...]:
    """The reports in ``body`` (JSON, UTF-8), in their order. Raises BadRequest with one line for each fault."""
    try:
        members, _ = json_text.decode_body(body, json_text.Members)
    except msgspec.ValidationError:
        raise BadRequest(f"The body {_ENVELOPE}") from None
    faults = Faults()
    entries = [_entry(report) for report in _reports(Node(members, "", faults))]
    if faults.lines:
        raise BadRequest(*_at_most(faults.lines))
    return tuple(entry for entry in entries if entry is not None)


def _at_most(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_FAULTS
    return [*lines[:MOST_FAULTS], f"And {more} more: mend these first, then send it again."] if more > 0 else lines


def _reports(root: Node) -> Iterable[Node]:
    if "feedback" not in root and "card" in root:
        return [root]
    return root.nodes("feedback", _BATCH, _REPORT, range(MOST_ENTRIES + 1))


def _entry(report: Node) -> Entry | None:
    """One report; None if it lacks what makes one. Every fault is noted on the way."""
    card = _identifier(report, "card", _CARD)
    outcome = report.text("outcome", _OUTCOME)
    if outcome is not None and outcome not in OUTCOMES:
        report.fault("outcome", _OUTCOME)
    at = _at(report)
    suggestions = _suggestions(report, outcome)
    reason, comment = _override(report, outcome)
    if card is None or outcome is None or at is None:
        return None
    return Entry(card, outcome, at, suggestions, reason, comment)


def _identifier(node: Node, name: str, otherwise: str) -> str | None:
    text = node.text(name, otherwise)
    if text is None:
        return None
    text = text.strip().removeprefix("urn:uuid:")
    if not _ID.fullmatch(text):
        node.fault(name, otherwise)
        return None
    return text.lower() if _UUID.fullmatch(text) else text


def _at(report: Node) -> datetime | None:
    text = report.text("outcomeTimestamp", _AT)
    if text is None:
        return None
    try:
        return instant(text)
    except ValueError:
        report.fault("outcomeTimestamp", _AT)
        return None


def _suggestions(report: Node, outcome: str | None) -> tuple[str, ...]:
    """The ids of what was accepted, in order, each once."""
    if outcome != ACCEPTED:
        contradicts = outcome == OVERRIDDEN and "acceptedSuggestions" in report
        if contradicts and report.items("acceptedSuggestions", _NOT_ACCEPTED):
            report.fault("acceptedSuggestions", _NOT_ACCEPTED)
        return ()
    accepted = report.nodes("acceptedSuggestions", _ACCEPTED, _SUGGESTION_OBJECT, range(1, MOST_SUGGESTIONS + 1))
    ids = (_identifier(each, "id", _SUGGESTION) for each in accepted)
    return tuple(dict.fromkeys(each for each in ids if each is not None))


def _override(report: Node, outcome: str | None) -> tuple[Reason | None, str]:
    """The override reason, and the comment; None and "" where there is none."""
    override = report.node("overrideReason", _OVERRIDE) if "overrideReason" in report else None
    if not override:
        return None, ""
    if outcome == ACCEPTED:
        report.fault("overrideReason", _NOT_OVERRIDDEN)
    comment = override.text("userComment", _COMMENT) if "userComment" in override else ""
    # PostgreSQL takes no NUL in a text.
    return _reason(override), (comment or "").replace("\0", "").strip()


def _reason(override: Node) -> Reason | None:
    coding: Node | None = override
    if "reason" in override:
        coding = override.node("reason", _REASON)
    elif "code" not in override and "system" not in override:
        return None
    if coding is None:
        return None
    code, system = coding.text("code", _REASON_CODE), coding.text("system", _REASON_SYSTEM)
    if code is not None and not (len(code) <= MOST_CODE_LENGTH and code.isprintable() and _CODE.fullmatch(code)):
        coding.fault("code", _REASON_CODE)
    if system is not None and not (len(system) <= MOST_SYSTEM_LENGTH and _SYSTEM.fullmatch(system)):
        coding.fault("system", _REASON_SYSTEM)
    return Reason(code, system) if code and system else None
