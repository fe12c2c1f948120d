"""What the models of fhir.resources say of a resource, in words and without its values."""

import re
from collections.abc import Iterator
from typing import Any

from cds_service.validate.finding import Finding, Severity
from cds_service.validate.locate import escape
from cds_service.validate.node import Node, of_name
from cds_service.validate.words import kind_of, label_of, name_of

_CHOICES = re.compile(r"'(\w+)'")
_CHOICE_MISSING = "Expect any of field value"
_CHOICE_TWICE = "Any of one field value is expected"
# What else reading foreign data into a model has been seen to raise.
_MODEL_FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def model_faults(node: Node, kind: str, severity: Severity) -> Iterator[Finding]:
    """What keeps ``node`` from being a resource of type ``kind``, but for the resources inside it."""
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        get_fhir_model_class(kind).model_validate(_alone(node.value))
    except ValidationError as faults:
        for fault in faults.errors(include_url=False, include_input=False):
            yield _finding(node, kind, severity, fault)
    except _MODEL_FAULTS:
        message = f"This is no {kind} that FHIR R4 knows."
        yield Finding(severity, node.pointer, f"fhir_r4@{kind}", message, f"Compare it with the definition of {kind}.")


def _alone(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource without those inside it, which are checked by themselves."""
    alone = {name: value for name, value in resource.items() if name != "contained"}
    if isinstance(entries := alone.get("entry"), list) and alone.get("resourceType") == "Bundle":
        alone["entry"] = [
            {name: value for name, value in entry.items() if name != "resource"} if isinstance(entry, dict) else entry
            for entry in entries
        ]
    return alone


def _finding(node: Node, kind: str, severity: Severity, fault: Any) -> Finding:
    place, path = _place(node, kind, fault["loc"])
    said, rule = str(fault["msg"]), fault["type"]
    name = label_of(place.pointer)
    if rule in ("missing", "model_field_validation.missing"):
        element = str(fault["loc"][-1])
        message, fix = f"{element} is missing; FHIR requires it.", f"Send {element}."
        return Finding(severity, place.pointer, f"fhir_r4@{path}.{element}", message, fix)
    if rule == "extra_forbidden":
        message = f"{name_of(str(fault['loc'][-1]))} is no element of {path.rpartition('.')[0]} in FHIR R4."
        fix = "Leave it out, or send it as an extension."
        return of_name(Finding(severity, place.pointer, f"fhir_r4@{kind}", message, fix))
    if _CHOICE_MISSING in said or _CHOICE_TWICE in said:
        return _choice(place, path, severity, said)
    message = f"{name} is {kind_of(place.value)}, and not as FHIR R4 writes it."
    if "regex" in said or rule.startswith(("date", "time")):
        message = f"{name} is not written as FHIR R4 writes such a value."
    return Finding(severity, place.pointer, f"fhir_r4@{path}", message, f"See the definition of {path}.")


def _choice(place: Node, path: str, severity: Severity, said: str) -> Finding:
    names = _CHOICES.findall(said)
    stem = _common_start(names)
    if _CHOICE_MISSING in said:
        message, fix = f"{stem}[x] is missing; FHIR requires it.", f"Send one of {', '.join(names)}."
    else:
        message, fix = f"{stem}[x] is given more than once.", f"Send only one of the {stem} elements."
    return Finding(severity, place.pointer, f"fhir_r4@{path}.{stem}[x]", message, fix)


def _common_start(names: list[str]) -> str:
    """ "medication" of medicationCodeableConcept and medicationReference: up to where a type's capital follows."""
    first, last = min(names), max(names)
    length = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    while length and not all(name[length : length + 1].isupper() for name in names):
        length -= 1
    return first[:length]


def _place(node: Node, kind: str, loc: tuple[Any, ...]) -> tuple[Node, str]:
    """As far as ``loc`` leads in the payload, and its path as FHIR writes it."""
    path = kind
    for part in loc:
        value = node.value
        if isinstance(part, int):
            if not isinstance(value, list) or part >= len(value):
                break
            node = Node(value[part], f"{node.pointer}/{part}")
        else:
            if not isinstance(value, dict) or part not in value:
                break
            node = Node(value[part], f"{node.pointer}/{escape(part)}")
            path = f"{path}.{part}"
    return node, path
