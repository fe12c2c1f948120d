"""Prefetch as an EHR does it: fill a service's templates from the context, ask the FHIR server, pass on what came.

https://cds-hooks.hl7.org/2.0/#prefetch-template : a key that cannot be satisfied is left out, a key with no data is
null, an error the FHIR server explains is passed on as its OperationOutcome.
"""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from cds_service.ehr.client import Answer
from cds_service.ehr.problems import CannotStart

_TOKEN = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_USER_TOKENS = {
    "userPractitionerId": "Practitioner",
    "userPractitionerRoleId": "PractitionerRole",
    "userPatientId": "Patient",
    "userRelatedPersonId": "RelatedPerson",
}
_SIDE_BY_SIDE = 6


class Fhir(Protocol):
    """Whatever answers a FHIR read or search: a server, or a store in memory."""

    def get(self, path: str) -> Answer:
        """GET of ``path``, relative to the base; CannotStart if nobody answers."""


class Prefetched(NamedTuple):
    """The ``prefetch`` of a request, and for each key left out or failed the reason in a few words."""

    values: dict[str, Any]
    troubles: dict[str, str]


def resolve(templates: Mapping[str, Any], context: Mapping[str, Any], fhir: Fhir) -> Prefetched:
    """Asks ``fhir`` for each template, side by side."""
    values: dict[str, Any] = {}
    troubles: dict[str, str] = {}
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        asked = {key: pool.submit(_one, template, context, fhir) for key, template in templates.items()}
    for key, future in asked.items():
        found = future.result()
        if found.trouble:
            troubles[key] = found.trouble
        if found.sent:
            values[key] = found.value
    return Prefetched(values, troubles)


def filled(template: str, context: Mapping[str, Any]) -> str | None:
    """The template with its tokens filled, or None if one of them has no value in this context."""
    missing = False

    def value(token: re.Match[str]) -> str:
        nonlocal missing
        found = _token_value(token[1], context)
        missing = missing or found is None
        return quote(found or "", safe="/")

    text = _TOKEN.sub(value, template)
    return None if missing else text


class _Found(NamedTuple):
    value: Any = None
    sent: bool = True
    trouble: str = ""


def _one(template: Any, context: Mapping[str, Any], fhir: Fhir) -> _Found:
    path = filled(template, context) if isinstance(template, str) else None
    if path is None:
        return _Found(sent=False, trouble=f"cannot fill {template!r}, left out")
    try:
        answer = fhir.get(path)
    except CannotStart as unreachable:
        return _Found(sent=False, trouble=f"{unreachable.message} Left out")
    if answer.status in (404, 410) and "?" not in path:
        return _Found(None)
    resource = answer.json if isinstance(answer.json, dict) else {}
    explained = resource.get("resourceType") == "OperationOutcome"
    if explained or not answer.ok or "resourceType" not in resource:
        fate = "passed on as an OperationOutcome" if explained else "left out"
        return _Found(resource, sent=explained, trouble=f"{answer.in_a_line()}, {fate}")
    nothing = resource["resourceType"] == "Bundle" and not resource.get("entry")
    return _Found(None if nothing else resource)


def _token_value(token: str, context: Mapping[str, Any]) -> str | None:
    if token in _USER_TOKENS:
        kind, _, identifier = str(context.get("userId", "")).partition("/")
        return identifier if kind == _USER_TOKENS[token] and identifier else None
    root, _, field = token.partition(".")
    value = context.get(field) if root == "context" else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
