"""What an element of FHIR R4 may hold, read off the models: its kind, its codes, whether it is a list.

The models take ``"status": "bogus"``, a number in quotes, and JSON text in place of an object; none of these is FHIR.
Codes are those of required bindings (https://hl7.org/fhir/R4/terminologies.html#required): the models carry them,
except for the lists that the specification's one-line summaries cut short, which stand here in full.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

_NESTED = re.compile(r"abc\.(\w+)Type")
_RESULT = "registered preliminary final amended corrected cancelled entered-in-error unknown"
_ENCOUNTER = "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown"
_IN_FULL = {
    # https://hl7.org/fhir/R4/valueset-observation-status.html and its likes
    "DetectedIssue.status": _RESULT,
    "DeviceUseStatement.status": "active completed entered-in-error intended stopped on-hold",
    "DiagnosticReport.status": f"{_RESULT} partial appended",
    "Encounter.status": _ENCOUNTER,
    "EncounterStatusHistory.status": _ENCOUNTER,
    "Observation.status": _RESULT,
    "RiskAssessment.status": _RESULT,
    "SupplyRequest.status": "draft active suspended cancelled completed entered-in-error unknown",
    "Task.status": (
        "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed "
        "entered-in-error"
    ),
    "Quantity.comparator": "< <= >= >",
}
# Summaries that are no list of codes.
_NO_CODES = frozenset({"CapabilityStatement.format", "Expression.language", "QuestionnaireItem.type"})


class Shape(NamedTuple):
    """``kind`` is object, boolean, number or text, ``nested`` the model of an object; no ``codes``: any will do.

    ``choice`` is the stem of an element with a choice of types: "medication" for medicationReference. ``targets`` are
    the types that a reference may name; none: any.
    """

    kind: str
    many: bool
    nested: str
    codes: frozenset[str]
    required: bool
    choice: str
    targets: frozenset[str]


@lru_cache(maxsize=1024)  # whatever names strangers send
def is_resource(name: str) -> bool:
    """Whether R4B has a resource type of that name."""
    from fhir.resources.R4B import get_fhir_model_class

    try:
        return bool(get_fhir_model_class(name).has_resource_base())
    except (LookupError, ValueError):
        return False


@cache
def shapes(name: str) -> Mapping[str, Shape]:
    """The elements of a resource type or data type by their JSON names."""
    from fhir.resources.R4B import get_fhir_model_class

    model = get_fhir_model_class(name)
    found = {}
    for field_name, field in model.model_fields.items():
        element = field.alias or field_name
        if not element.startswith("_") and element not in ("resourceType", "fhir_comments"):
            found[element] = _shape(f"{name}.{element}", str(field.annotation), field.json_schema_extra)
    return MappingProxyType(found)


def _shape(path: str, annotation: str, extra: Any) -> Shape:
    about = extra if isinstance(extra, dict) else {}
    nested = _NESTED.search(annotation)
    if nested:
        kind = "object"
    elif "bool" in annotation:
        kind = "boolean"
    else:
        kind = "number" if "[int" in annotation or "decimal.Decimal" in annotation else "text"
    codes = _IN_FULL.get(path, "").split()
    listed = about.get("enum_values", []) if path not in _NO_CODES else []
    if not codes and "+" not in listed:
        codes = listed
    choice = about.get("one_of_many", "")
    required = bool(about.get("one_of_many_required") if choice else about.get("element_required"))
    targets = frozenset(about.get("enum_reference_types", ()))
    return Shape(kind, "List[" in annotation, nested[1] if nested else "", frozenset(codes), required, choice, targets)
