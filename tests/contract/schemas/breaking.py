"""What the schemas find in a body, and by which requirement."""

from typing import Any

from jsonschema import ValidationError

from cds_service.contract.requirements import requirement
from cds_service.contract.schemas import validator

LIBRARY = "cds-hooks-library_1.0.1@"
CARD, SUGGESTION, ACTIONS = "/cards/0", "/cards/0/suggestions/0", "/cards/0/suggestions/0/actions"
SERVICE, ENTRY, OVERRIDDEN = "/services/0", "/feedback/0", "/feedback/1"
HERE: Any = None
LONG = "x" * 139


def found(kind: str, body: Any, profile: str = "2.0") -> list[ValidationError]:
    name, hook = ("request", kind) if "-" in kind else (kind, "")
    return list(validator(name, profile, hook).iter_errors(body))


def pointer_of(error: ValidationError) -> str:
    return "".join(f"/{step}" for step in error.absolute_path)


def rule_of(error: ValidationError) -> dict[str, Any]:
    """The annotations of the broken rule: the member's own where it is missing."""
    if error.validator in ("required", "dependentRequired"):
        missing = error.message.split("'")[1]
        return error.schema.get("properties", {}).get(missing, error.schema)
    return error.schema


def check(kind: str, body: Any, pointer: str, wanted: Any, severity: str, profile: str = "2.0") -> None:
    errors = found(kind, body, profile)
    assert [pointer_of(each) for each in errors] == [pointer], errors
    rule = rule_of(errors[0])
    assert rule["x-requirement"] == (f"cds-hooks_2.0@{wanted}" if isinstance(wanted, int) else wanted)
    assert requirement(rule["x-requirement"])
    assert rule["x-fix"].endswith(".")
    assert rule.get("x-severity", "error") == severity
