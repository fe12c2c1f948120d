"""A small FHIR R4 search over resources in memory, to put behind ``FaultServer``: a story as an EHR's server holds it.

    with FaultServer(Records(story.resources).respond) as server: ...

Reads, and searches by ``_id``, ``patient``/``subject``, ``code`` (with or without its system) and ``_count`` with
``next`` links; other parameters are ignored, as lenient servers do.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode

Resource = dict[str, Any]


class Records:
    """The resources of one server; ``page_size`` caps every page, whatever ``_count`` asks for."""

    def __init__(self, resources: list[Resource], page_size: int = 1000) -> None:
        self.resources = resources
        self.page_size = page_size

    def respond(self, asked: str) -> Resource:
        what, _, query = asked.partition("?")
        resource_type, _, resource_id = what.partition("/")
        of_type = [each for each in self.resources if each["resourceType"] == resource_type]
        if resource_id:
            return next((each for each in of_type if each.get("id") == resource_id), _not_found())
        parameters = dict(parse_qsl(query))
        return self._page(what, parameters, [each for each in of_type if _matches(each, parameters)])

    def _page(self, what: str, parameters: dict[str, str], hits: list[Resource]) -> Resource:
        offset = int(parameters.pop("_offset", 0))
        size = min(int(parameters.get("_count", self.page_size)), self.page_size)
        entries = [{"search": {"mode": "match"}, "resource": each} for each in hits[offset : offset + size]]
        bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(hits), "entry": entries}
        if offset + size < len(hits):
            following = urlencode(parameters | {"_offset": str(offset + size)})
            bundle["link"] = [{"relation": "next", "url": f"{what}?{following}"}]
        return bundle


def _not_found() -> Resource:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "not-found"}]}


def _matches(resource: Resource, parameters: dict[str, str]) -> bool:
    patient = parameters.get("patient") or parameters.get("subject", "").removeprefix("Patient/")
    if patient:
        about = resource.get("subject") or resource.get("patient") or {}
        if about.get("reference") != f"Patient/{patient}":
            return False
    if "_id" in parameters and resource.get("id") not in parameters["_id"].split(","):
        return False
    return "code" not in parameters or bool(_codes(resource) & set(parameters["code"].split(",")))


def _codes(resource: Resource) -> set[str]:
    """Every code of the resource and of its components, alone and behind its system."""
    concepts = [resource.get("code", {}), *(part.get("code", {}) for part in resource.get("component", ()))]
    codings = [coding for concept in concepts for coding in concept.get("coding", ())]
    return {form for c in codings for form in (c.get("code", ""), f"{c.get('system', '')}|{c.get('code', '')}")}
