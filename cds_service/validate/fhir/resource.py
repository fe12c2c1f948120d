"""One FHIR resource of a payload, with whatever is in it."""

from collections.abc import Iterator

from cds_service.validate.fhir.elements import element_faults
from cds_service.validate.fhir.models import model_faults
from cds_service.validate.fhir.releases import NEWER, OLDER, R4_ONLY
from cds_service.validate.fhir.shapes import is_resource
from cds_service.validate.finding import Finding, Severity
from cds_service.validate.locate import upwards
from cds_service.validate.node import Node

_LONGEST_ID = 64  # https://hl7.org/fhir/R4/datatypes.html#id


def resource_faults(node: Node, severity: Severity) -> Iterator[Finding]:
    """Everything that keeps ``node`` from being FHIR R4, contained and bundled resources included; one a place.

    What is no object, or has no resourceType, is the schema's matter where CDS Hooks puts it; inside a resource it is
    told here.
    """
    kind = node["resourceType"].text
    if not kind or kind in R4_ONLY:
        return
    if not is_resource(kind):
        yield _unknown(node["resourceType"], kind, severity)
        return
    if len(node["id"].text) > _LONGEST_ID:
        message = f"id is longer than {_LONGEST_ID} characters."
        yield Finding(severity, node["id"].pointer, f"fhir_r4@{kind}.id", message, "Send an id as FHIR R4 has it.")
    elements = list(element_faults(node, kind, kind, severity))
    yield from elements
    missing = {(each.pointer, each.requirement) for each in elements}
    wrong = {each.pointer for each in elements if " is missing" not in each.message}
    for finding in model_faults(node, kind, severity):
        # What was told above the models stumble over too, and over whatever is inside it.
        inside = any(each in wrong for each in upwards(finding.pointer))
        if not inside and (finding.pointer, finding.requirement) not in missing:
            yield finding
    for inner in _inner(node, kind):
        if inner.is_object and not inner["resourceType"].text:
            message = "resourceType is missing: nobody can tell what this resource is."
            requirement = f"fhir_r4@{kind}.{'entry.resource' if kind == 'Bundle' else 'contained'}"
            yield Finding(
                severity, inner.pointer, requirement, message, "Send resourceType, such as MedicationRequest."
            )
        yield from resource_faults(inner, severity)


def _inner(node: Node, kind: str) -> list[Node]:
    if kind == "Bundle":
        return [entry["resource"] for entry in node["entry"].objects if entry["resource"]]
    return node["contained"].objects


def _unknown(node: Node, kind: str, severity: Severity) -> Finding:
    """Errors in what a service sends; in a request a warning: no reader of R4 can take it."""
    requirement = "cds-hooks_2.0@130" if severity is Severity.ERROR else "fhir_r4@Resource"
    severity = Severity.WARNING if severity is Severity.HINT else severity
    if kind in OLDER or kind in NEWER:
        release, instead = OLDER.get(kind) or NEWER[kind]
        message = f"{kind} is of FHIR {release}; R4 has none."
        fix = f"Send FHIR R4, where this is {instead}."
        return Finding(severity, node.pointer, requirement, message, fix)
    message = "resourceType is no resource type of FHIR R4."
    fix = "Send one of https://hl7.org/fhir/R4/resourcelist.html, spelled as it is there."
    return Finding(severity, node.pointer, requirement, message, fix)
