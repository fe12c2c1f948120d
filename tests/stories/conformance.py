"""What every emitted card must keep, whatever it says: CDS Hooks 2.0, valid FHIR R4, and this service's promises."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from fhir.resources.R4B import get_fhir_model_class
from jsonschema import Draft202012Validator

from cds_service.cli.card_faults import card_faults
from cds_service.contract.schemas import validator
from cds_service.hooks.response import empty_members

# The models take any code, so the required bindings are checked here: https://hl7.org/fhir/R4/terminologies.html
_REQUEST_INTENTS = {"proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order"}
REQUIRED_CODES = {
    "MedicationRequest": {
        "status": {
            "active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown",
        },
        "intent": _REQUEST_INTENTS | {"option"},
    },
    "ServiceRequest": {
        "status": {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"},
        "intent": _REQUEST_INTENTS | {"directive", "option"},
    },
    "Observation": {
        "status": {
            "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown",
        },
    },
    "Patient": {"gender": {"male", "female", "other", "unknown"}},
}  # fmt: skip
HOUSE = Draft202012Validator(json.loads((Path(__file__).parent / "house.schema.json").read_text()))
"""What this service promises beyond the specification; it sends no systemActions, which the schema leaves out."""
WITHOUT_DIFFERENTIAL = "58410-2"
"""The blood count that brings no neutrophils: never to be ordered."""
_MAY_CHANGE = {"status", "statusReason", "note"}


def response_faults(response: dict[str, Any], on_file: dict[str, Any], drafts: set[str]) -> list[str]:
    """Every fault of a response, in words; ``on_file`` is the EHR's resources by "Type/id", ``drafts`` likewise."""
    cards = response["cards"]
    checks = (validator("response"), HOUSE)
    faults = [f"{each.json_path}: {each.message}" for check in checks for each in check.iter_errors(response)]
    faults += card_faults(cards) + empty_members(msgspec.json.encode(response)) + list(_identifiers(cards))
    if WITHOUT_DIFFERENTIAL in json.dumps(cards):
        faults.append("a blood count without a differential is ordered")
    for card in cards:
        for suggestion in card.get("suggestions", []):
            for action in suggestion["actions"]:
                faults += _action_faults(action, on_file, drafts)
    return faults


def resource_faults(resource: dict[str, Any]) -> list[str]:
    """Why ``resource`` is no valid FHIR R4, in words."""
    kind = resource["resourceType"]
    faults = [
        f"{kind}.{field} is {resource.get(field)!r}"
        for field, codes in REQUIRED_CODES.get(kind, {}).items()
        if resource.get(field) not in codes
    ]
    try:
        get_fhir_model_class(kind).model_validate(resource)
    except ValueError as error:
        faults.append(f"{kind}: {error}")
    return faults


def _identifiers(cards: list[dict[str, Any]]) -> Iterator[str]:
    """Feedback names a card or a suggestion by nothing else."""
    suggestions = [each for card in cards for each in card.get("suggestions", [])]
    uuids = [each.get("uuid") for each in cards + suggestions]
    if len(set(uuids)) < len(uuids):
        yield "a uuid occurs twice in the response"


def _action_faults(action: dict[str, Any], on_file: dict[str, Any], drafts: set[str]) -> Iterator[str]:
    if action["type"] == "delete":
        if action["resourceId"] not in drafts:
            yield f"deletes {action['resourceId']}, which is no draft order"
        return
    resource = action["resource"]
    yield from resource_faults(resource)
    if resource.get("status") == "active":
        yield "a suggestion sets a request to active"
    if action["type"] == "update":
        original = on_file.get(f"{resource['resourceType']}/{resource.get('id')}")
        if original is None:
            yield f"updates {resource.get('id')}, which is not on file"
        else:
            yield from _changes(original, resource)


def _changes(original: dict[str, Any], updated: dict[str, Any]) -> Iterator[str]:
    """An update carries the whole original with only the intended change; a server may have put in ``meta``."""
    for field in sorted((set(original) | set(updated)) - _MAY_CHANGE - {"meta"}):
        if original.get(field) != updated.get(field):
            yield f"an update changes {field}"
