"""Lines that are not as Bulk Data has them: why each is a fault, and whose it may be.

https://hl7.org/fhir/uv/bulkdata/export.html#response---complete-status: beside the data a server writes files of
OperationOutcomes (``error``) and of Bundles that name what was deleted since (``deleted``). Clients leave a log there:
https://github.com/smart-on-fhir/bulk-data-client/wiki/Bulk-Data-Export-Log-Items
"""

import re
from collections.abc import Collection

import msgspec

from cds_service.codes.resource_types import RESOURCE_TYPES
from cds_service.fhir.elements import Element
from cds_service.fhir.read.bundles import UNREADABLE

NO_TYPE = "a resource without a type that FHIR has"
BUNDLE = "a Bundle of what was deleted since an earlier export: only a whole export can be read"
NOT_ALL = "the server could not export all (an OperationOutcome that is no warning)"
LOGGED_ERROR = "the log of the export tells of an error"
NOT_JSON, TOO_DEEP = "not JSON", "nested too deeply"
NO_RESOURCE = "no resource, or one whose type, id or subject cannot be read"

_NAMED = re.compile(rb'"(?:[^"\\]*/)?Patient/([A-Za-z0-9.-]{1,64})"')


class _Typed(Element):
    resource_type: str | None = None


class _Issue(Element):
    severity: str | None = None


class _Outcome(Element):
    issue: list[_Issue] | None = None


class _Logged(Element):
    export_id: str | None = None
    event_id: str | None = None


_LOGGED = msgspec.json.Decoder(_Logged)
_TYPED = msgspec.json.Decoder(_Typed)
_OUTCOME = msgspec.json.Decoder(_Outcome)


def why_unreadable(line: bytes, fault: Exception, read: Collection[str]) -> str:
    """Why a line could not be read, without what stood there; "" if it is of a type that is not ``read``."""
    if isinstance(fault, RecursionError):
        return TOO_DEEP
    if not isinstance(fault, msgspec.ValidationError):
        return NOT_JSON
    try:
        kind = _TYPED.decode(line).resource_type or ""
    except UNREADABLE:
        return NO_RESOURCE
    return NO_RESOURCE if kind in read or kind not in RESOURCE_TYPES else ""


def why_odd(kind: str | None, line: bytes) -> str:
    """What is wrong with a line of a type that nobody asked for; "" if nothing is."""
    if kind == "OperationOutcome":
        return NOT_ALL if _is_error(line) else ""
    if kind == "Bundle":
        return BUNDLE
    if not kind and (event := _event(line)):
        return LOGGED_ERROR if event.endswith("_error") else ""
    return "" if kind in RESOURCE_TYPES else NO_TYPE


def patient_named(line: bytes) -> str:
    """The only patient a line refers to that cannot be read; "" if it names none, or several."""
    named = set(_NAMED.findall(line))
    return named.pop().decode() if len(named) == 1 else ""


def _event(line: bytes) -> str:
    """What a line of a client's log tells ("download_error"); "" for any other line."""
    try:
        logged = _LOGGED.decode(line)
    except UNREADABLE:
        return ""
    return (logged.event_id or "") if logged.export_id else ""


def _is_error(line: bytes) -> bool:
    try:
        issues = _OUTCOME.decode(line).issue or []
    except UNREADABLE:
        return True
    return not issues or any(each.severity not in ("information", "warning", "success") for each in issues)
