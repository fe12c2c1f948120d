"""The findings of a JSON Schema: one a fault, in words, with the requirement and the fix that the schema names."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from cds_service.contract import schemas
from cds_service.hooks.tokens import CONTEXTS
from cds_service.validate.finding import Finding, Severity
from cds_service.validate.locate import escape
from cds_service.validate.node import Node, of_name
from cds_service.validate.words import either, kind_of, label, name_of

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_KINDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
# Which member is missing says less than why: the requirement of the one that asks for it.
_ASKED_FOR = {("suggestions", "selectionBehavior"): "cds-hooks_2.0@93"}


def schema_findings(whole: Node, kind: str, profile: str, hook: str) -> Iterator[Finding]:
    """What breaks the schema of this kind of payload (for a request: of this hook)."""
    said = set()
    for error in _validator(kind, profile, hook if hook in CONTEXTS else "").iter_errors(whole.value):
        for finding in _findings(error):
            if (same := (finding.pointer, finding.requirement, finding.message)) not in said:
                said.add(same)
                yield finding


@cache
def _validator(kind: str, profile: str, hook: str) -> "Validator":
    """The contract's validator, for numbers that are Decimals."""
    from jsonschema.validators import extend

    found: Any = schemas.validator(kind, profile, hook)
    checker = found.TYPE_CHECKER.redefine("integer", lambda _, value: _is_whole(value))
    widened: Validator = extend(type(found), type_checker=checker)(found.schema)  # type: ignore[no-untyped-call]
    return widened


def _is_whole(value: Any) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def is_required(pointer: str, schema: dict[str, Any]) -> bool:
    """Whether the schema requires the member at ``pointer``: then null or empty is as good as missing."""
    _, *holders, last = pointer.split("/") if pointer else ("", "")
    for part in holders:
        an_item = part.isdigit() and "items" in schema
        schema = schema["items"] if an_item else schema.get("properties", {}).get(part, {})
    return last in schema.get("required", ())


def _findings(error: Any) -> Iterator[Finding]:
    """``error`` is jsonschema's, whose types leave everything possible."""
    node = Node(error.instance, "".join(f"/{escape(str(part))}" for part in error.absolute_path))
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield _missing(node, name, error.schema)
    elif error.validator == "dependentRequired":
        for present, names in error.validator_value.items():
            for name in names if present in error.instance else ():
                if name not in error.instance:
                    yield _missing(node, name, error.schema, present)
    elif "propertyNames" in error.relative_schema_path:
        name = str(error.instance)
        message = f"{name_of(name) or 'An empty name'} is no name for a member here."
        yield of_name(_said(Node(None, f"{node.pointer}/{escape(name)}"), error.schema, message))
    else:
        finding = _said(node, error.schema, _message(error))
        yield of_name(finding) if error.validator == "not" else finding


def _missing(node: Node, name: str, schema: dict[str, Any], present: str = "") -> Finding:
    own = schema.get("properties", {}).get(name, {})
    about = own if "x-requirement" in own and not _is_recommended(schema) else schema
    message = f"{name} is missing" + (f" beside {present}." if present else ".")
    finding = _said(node, {**schema, **about}, message)
    if requirement := _ASKED_FOR.get((present, name)):
        return Finding(finding.severity, finding.pointer, requirement, message, finding.fix)
    return finding


def _is_recommended(schema: dict[str, Any]) -> bool:
    return "x-severity" in schema


def _said(node: Node, schema: dict[str, Any], message: str) -> Finding:
    severity = Severity(schema.get("x-severity", Severity.ERROR))
    return Finding(severity, node.pointer, schema["x-requirement"], message, schema["x-fix"])


def _message(error: Any) -> str:
    """What is wrong, in words, without the value: it may be a patient's."""
    rule, asked, value = error.validator, error.validator_value, error.instance
    name = label(error.absolute_path)
    if rule == "type":
        kinds = [asked] if isinstance(asked, str) else asked
        return f"{name} is {kind_of(value)}; it has to be {' or '.join(_KINDS[kind] for kind in kinds)}."
    if rule in ("enum", "const"):
        allowed = [str(each) for each in (asked if rule == "enum" else [asked])]
        if not isinstance(value, str):
            return f"{name} is {kind_of(value)}; it has to be {either(allowed)}."
        return f"{name} is not {either(allowed)}."
    if rule in ("minLength", "minItems", "minProperties"):
        return f"{name} is empty."
    if rule == "maxLength":
        return f"{name} has {len(value)} characters; at most {asked} are allowed."
    if rule == "minimum":
        return f"{name} is less than {asked}."
    if rule == "pattern":
        return f"{name} is not written in the form that is asked for."
    description = error.schema.get("description", "breaks a rule of the specification.")
    return f"{name}: {description}"
