"""The JSON that leaves the service: cards, discovery and OperationOutcomes, as bytes.

No member is null or empty (https://cds-hooks.hl7.org/2.0/#use-of-json), except ``cards`` and ``services`` themselves:
builders leave out what they do not have (``present``), and the validator proves it in the tests.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from cds_service.codes.systems import EXTENSION

# Decimal as a JSON number: a count of 0.960 leaves as 0.960, never as a float's neighbour.
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(value: Any) -> bytes:
    """``value`` as JSON. ``msgspec.Raw`` parts go out byte for byte; Decimals must be finite."""
    return _ENCODER.encode(value)


def hook_response(cards: Sequence[Mapping[str, Any]], told: Mapping[str, Any] | None = None) -> bytes:
    """The body of a 200: ``{"cards": [...]}``, with what is told of it (the trace) under ``EXTENSION``, if anything.

    An advisory service sends no ``systemActions``.
    """
    body: dict[str, Any] = {"cards": cards}
    if told:
        body["extension"] = {EXTENSION: told}
    return encode(body)


def operation_outcome(code: str, messages: Sequence[str], correlation_id: str = "") -> bytes:
    """An OperationOutcome with one error for each message (https://hl7.org/fhir/R4/operationoutcome.html).

    ``code`` is from https://hl7.org/fhir/R4/valueset-issue-type.html.
    """
    issues = [{"severity": "error", "code": code, "diagnostics": message} for message in messages]
    outcome: dict[str, Any] = {"resourceType": "OperationOutcome"}
    if correlation_id:
        outcome["id"] = correlation_id
    return encode(outcome | {"issue": issues})


def present(**members: Any) -> dict[str, Any]:
    """``members`` without those that are None or empty; False and 0 stay."""
    return {name: value for name, value in members.items() if value or not _empty(value)}


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, bytes, dict, list, tuple)) and not value)
