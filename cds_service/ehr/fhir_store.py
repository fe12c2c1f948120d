"""An EHR's FHIR R4 server in memory: reads, and the searches that prefetch templates use, page by page.

Only what https://hl7.org/fhir/R4/search.html says about ``patient``, ``subject``, ``_id``, ``code``, ``_sort``,
``_count`` and paging.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Resource = dict[str, Any]

_SORTED_BY = {"date": "effectiveDateTime", "authoredon": "authoredOn", "recorded-date": "recordedDate"}
_PARAMETERS = {"patient", "subject", "_id", "code", "_sort", "_count", "_offset"}
_USUAL_PAGE = 20


class FhirStore:
    """Resources by "Type/id"; ``page_size`` is the most one page holds, whatever ``_count`` asks for.

    A strict store refuses a search parameter it does not know, so that a test notices; a lenient one leaves it out
    of account, as FHIR servers do (https://hl7.org/fhir/R4/search.html#errors).
    """

    def __init__(
        self, resources: Iterable[Resource], page_size: int = 1000, base: str = "", *, strict: bool = True
    ) -> None:
        self.held = {f"{each['resourceType']}/{each['id']}": each for each in resources}
        self.page_size = page_size
        self.base = base
        self.strict = strict

    def get(self, path: str) -> tuple[int, Resource]:
        """The status and body of a GET; ``path`` is relative to the base ("Patient/1", "Observation?patient=1")."""
        try:
            parts = urlsplit(path)
        except ValueError:
            return 400, outcome("invalid", "no FHIR address")
        if parts.path == "metadata":
            return 200, {"resourceType": "CapabilityStatement", "status": "active", "fhirVersion": "4.0.1"}
        if "/" in parts.path and not parts.query:
            found = self.held.get(parts.path)
            return (200, found) if found else (404, outcome("not-found", "no such resource"))
        return self._search(parts.path, {name: values[-1] for name, values in parse_qs(parts.query).items()})

    def _search(self, kind: str, asked: dict[str, str]) -> tuple[int, Resource]:
        if self.strict and (unknown := set(asked) - _PARAMETERS):
            return 400, outcome("not-supported", f"unknown search parameter: {', '.join(sorted(unknown))}")
        hits = [each for each in self.held.values() if each["resourceType"] == kind and _fits(each, asked)]
        sort = asked.get("_sort", "")
        if sort:
            hits.sort(key=lambda each: _instant(each, sort.lstrip("-")), reverse=sort.startswith("-"))
        start, size = _number(asked, "_offset", 0), min(_number(asked, "_count", _USUAL_PAGE), self.page_size)
        bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(hits)}
        if page := hits[start : start + size]:
            bundle["entry"] = [
                {"fullUrl": f"{self.base}/{kind}/{each['id']}", "resource": each, "search": {"mode": "match"}}
                for each in page
            ]
        if start + size < len(hits):
            after = urlencode(asked | {"_offset": str(start + size)})
            bundle["link"] = [{"relation": "next", "url": f"{self.base}/{kind}?{after}"}]
        return 200, bundle


def outcome(code: str, text: str) -> Resource:
    """An OperationOutcome with one error."""
    issue = {"severity": "error", "code": code, "diagnostics": text}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _number(asked: dict[str, str], name: str, usual: int) -> int:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else usual


def _fits(resource: Resource, asked: dict[str, str]) -> bool:
    patient, codes = asked.get("patient") or asked.get("subject"), asked.get("code")
    if asked.get("_id", resource["id"]) != resource["id"]:
        return False
    if patient and _about(resource) != f"Patient/{patient.removeprefix('Patient/')}":
        return False
    return not codes or any(_has_code(resource, token) for token in codes.split(","))


def _about(resource: Resource) -> str:
    """ "Patient/1": allergies and immunizations say ``patient``, most others ``subject``."""
    return str((resource.get("subject") or resource.get("patient") or {}).get("reference", ""))


def _has_code(resource: Resource, token: str) -> bool:
    system, bar, code = token.rpartition("|")
    return any(
        each.get("code") == code and (not bar or each.get("system") == system)
        for each in resource.get("code", {}).get("coding", [])
    )


def _instant(resource: Resource, parameter: str) -> datetime:
    """When, for sorting; what has no date, or a date nobody sorts by here, comes last in a descending sort."""
    text = resource.get(_SORTED_BY.get(parameter, ""))
    if not text:
        return datetime.min.replace(tzinfo=UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
