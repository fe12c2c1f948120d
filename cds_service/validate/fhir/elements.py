"""Walk a resource along its shapes: kinds and codes that the models do not look at."""

from collections.abc import Iterator, Mapping

from cds_service.validate.fhir.shapes import Shape, shapes
from cds_service.validate.finding import Finding, Severity
from cds_service.validate.node import Node
from cds_service.validate.rules.empties import is_empty
from cds_service.validate.words import either, kind_of, label_of

_KINDS = {"object": "an object", "boolean": "true or false", "number": "a number", "text": "text"}
_TYPES = {"object": dict, "boolean": bool, "text": str}
_MOST_CODES_TOLD = 12


def element_faults(node: Node, model: str, path: str, severity: Severity) -> Iterator[Finding]:
    """What is of another kind than FHIR says, and codes that are in no required binding, at every depth.

    ``path`` is the element's path as FHIR writes it, such as "MedicationRequest.dispenseRequest".
    """
    found = shapes(model)
    for name, member in node.members:
        shape = found.get(name)
        if shape is None or is_empty(member.value):
            continue
        here = f"{path}.{name}"
        if shape.many and not isinstance(member.value, list):
            fix = "Put it in a list, even if it is the only one."
            message = f"{name} is {kind_of(member.value)}; FHIR has a list here."
            yield Finding(severity, member.pointer, f"fhir_r4@{here}", message, fix)
        elif not shape.many:
            yield from _one(member, shape, here, severity)
        else:
            for item in member.items:
                if not is_empty(item.value):
                    yield from _one(item, shape, here, severity)
    yield from _missing(node, found, path, severity)


def _missing(node: Node, found: Mapping[str, Shape], path: str, severity: Severity) -> Iterator[Finding]:
    """Required elements that are not there; a primitive may have an extension that says why instead of a value."""
    choices: dict[str, list[str]] = {}
    for name, shape in found.items():
        if shape.required and shape.choice:
            choices.setdefault(shape.choice, []).append(name)
        elif shape.required and not node[name] and not node[f"_{name}"]:
            message, fix = f"{name} is missing; FHIR requires it.", f"Send {name}."
            yield Finding(severity, node.pointer, f"fhir_r4@{path}.{name}", message, fix)
    for stem, names in choices.items():
        if not any(node[name] or node[f"_{name}"] for name in names):
            message, fix = f"{stem}[x] is missing; FHIR requires it.", f"Send one of {', '.join(names)}."
            yield Finding(severity, node.pointer, f"fhir_r4@{path}.{stem}[x]", message, fix)


def _one(node: Node, shape: Shape, path: str, severity: Severity) -> Iterator[Finding]:
    if not _is(node.value, shape.kind):
        message = f"{label_of(node.pointer)} is {kind_of(node.value)}; FHIR has {_KINDS[shape.kind]} here."
        quoted = isinstance(node.value, str) and shape.kind in ("boolean", "number")
        fix = "Send it without quotes." if quoted else f"Send {_KINDS[shape.kind]}."
        yield Finding(severity, node.pointer, f"fhir_r4@{path}", message, fix)
    elif shape.codes and node.value not in shape.codes:
        codes = sorted(shape.codes)
        told = either(codes) if len(codes) <= _MOST_CODES_TOLD else "one of the codes that FHIR lists there"
        message = f"{label_of(node.pointer)} is no code that FHIR R4 knows there."
        yield Finding(severity, node.pointer, f"fhir_r4@{path}", message, f"Send {told}.")
    elif shape.nested == "Reference" and not _may_refer(node["reference"].text, shape.targets):
        message = f"{label_of(node.pointer)} refers to a type of resource that FHIR R4 does not have there."
        fix = f"Refer to {either(sorted(shape.targets))}."
        yield Finding(severity, node.pointer, f"fhir_r4@{path}", message, fix)
    elif shape.nested and shape.nested != "Resource":
        yield from element_faults(node, shape.nested, path, severity)


def _may_refer(reference: str, targets: frozenset[str]) -> bool:
    """Whether "Type/id" is of an allowed type; what does not show its type may be anything."""
    kind, slash, _ = reference.partition("/")
    return not (slash and kind.isalpha() and kind[:1].isupper() and targets) or kind in targets or "Resource" in targets


def _is(value: object, kind: str) -> bool:
    if kind == "number":
        return not isinstance(value, str | bool | dict | list)
    return isinstance(value, _TYPES[kind])
