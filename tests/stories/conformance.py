"""What every emitted card must keep, whatever it says: CDS Hooks 2.0, valid FHIR R4, and this service's promises."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from cds_service.validate import Severity, validate
from cds_service.validate.fhir.resource import resource_faults as fhir_faults
from cds_service.validate.node import Node

HOUSE = Draft202012Validator(json.loads((Path(__file__).parent / "house.schema.json").read_text()))
"""What this service promises beyond the specification; it sends no systemActions, which the schema leaves out."""
WITHOUT_DIFFERENTIAL = "58410-2"
"""The blood count that brings no neutrophils: never to be ordered."""
_MAY_CHANGE = {"status", "statusReason", "note"}


def response_faults(response: dict[str, Any], on_file: dict[str, Any], drafts: set[str]) -> list[str]:
    """Every fault of a response, in words; ``on_file`` is the EHR's resources by "Type/id", ``drafts`` likewise."""
    cards = response["cards"]
    found = validate(msgspec.json.encode(response), "response").findings
    faults = [f"{each.severity} {each.pointer}: {each.message}" for each in found if each.severity is not Severity.HINT]
    faults += [f"{each.json_path}: {each.message}" for each in HOUSE.iter_errors(response)]
    if WITHOUT_DIFFERENTIAL in json.dumps(cards):
        faults.append("a blood count without a differential is ordered")
    for card in cards:
        for suggestion in card.get("suggestions", []):
            for action in suggestion["actions"]:
                faults += _action_faults(action, on_file, drafts)
    return faults


def resource_faults(resource: dict[str, Any]) -> list[str]:
    """Why ``resource`` is no valid FHIR R4, in words."""
    return [f"{each.pointer}: {each.message}" for each in fhir_faults(Node(resource), Severity.ERROR)]


def _action_faults(action: dict[str, Any], on_file: dict[str, Any], drafts: set[str]) -> Iterator[str]:
    if action["type"] == "delete":
        if action["resourceId"] not in drafts:
            yield f"deletes {action['resourceId']}, which is no draft order"
        return
    resource = action["resource"]
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
