"""Null and empty members: CDS Hooks forbids them (https://cds-hooks.hl7.org/2.0/#use-of-json), and so does FHIR.

FHIR takes null in a list of primitives, where a list of the same name with "_" says why
(https://hl7.org/fhir/R4/json.html#primitive).
"""

from collections.abc import Iterator

from cds_service.validate.finding import Finding, Severity
from cds_service.validate.locate import escape
from cds_service.validate.node import Node
from cds_service.validate.words import kind_of, label_of

_MAY_BE_EMPTY = frozenset({"/cards", "/services"})
_FIX = "Leave the member out, or give it a value."


def empty_members(whole: Node, kind: str) -> Iterator[Finding]:
    """Every null or empty member, in the CDS Hooks part by its rule and in FHIR resources by FHIR's."""
    in_fhir = Severity.ERROR if kind in ("response", "card") else Severity.HINT
    open_nodes = [(whole, "", False)]
    while open_nodes:
        node, resource, foreign = open_nodes.pop()
        if is_empty(node.value) and node.pointer and not _may_be_empty(node, kind):
            message = f"{label_of(node.pointer)} is {kind_of(node.value)}."
            if resource:
                yield Finding(in_fhir, node.pointer, f"fhir_r4@{resource}", message, _FIX)
            elif foreign:
                yield node.hint("cds-hooks_2.0@3", message, _FIX)
            else:
                yield node.error("cds-hooks_2.0@3", message, _FIX)
        elif isinstance(node.value, dict):
            kind_here = node["resourceType"].text
            resource = kind_here if kind_here.isalpha() and node.pointer else resource
            for name, value in node.value.items():
                if value is None and f"_{name}" in node.value:
                    continue
                member = Node(value, f"{node.pointer}/{escape(name)}")
                path = resource and f"{resource}.{name}"
                within = node.pointer.rpartition("/")[2] == "extension" and not resource
                open_nodes.append((member, path, foreign or within))
        elif isinstance(node.value, list):
            open_nodes += [(item, resource, foreign) for item in node.items if not (resource and item.value is None)]


def is_empty(value: object) -> bool:
    """Null, "", [] or {}."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def _may_be_empty(node: Node, kind: str) -> bool:
    if kind == "request" and node.value is None:
        return node.pointer.startswith("/prefetch/") and node.pointer.count("/") == 2
    return node.pointer in _MAY_BE_EMPTY and node.value == []
