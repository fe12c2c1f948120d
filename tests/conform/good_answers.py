"""What a small service answers that keeps the contract, and that every check of a run has something to see in.

Its one service asks for the patient's counts, and has one card for whoever has any.
"""

import json
import urllib.request
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Json = dict[str, Any]

SERVICE = {
    "hook": "patient-view",
    "title": "Neutrophils",
    "description": "Neutrophils on anakinra.",
    "id": "neutrophils",
    "prefetch": {
        "patient": "Patient/{{context.patientId}}",
        "counts": "Observation?patient={{context.patientId}}&_sort=-date&_count=100",
    },
}
CARD = {
    "summary": "ANC 0.75 on anakinra: consider holding",
    "indicator": "warning",
    "detail": "0.75, two days ago.",
    "source": {
        "label": "Anakinra CDS",
        "topic": {"system": "urn:example:advice", "code": "hold", "display": "Hold"},
    },
    "links": [{"label": "Label", "url": "https://example.org/label", "type": "absolute"}],
    "selectionBehavior": "at-most-one",
    "suggestions": [{"label": "Repeat the count", "uuid": "", "isRecommended": True}],
    "overrideReasons": [{"code": "known", "system": "urn:example:reasons", "display": "Known already"}],
}


class Call(NamedTuple):
    """A request as it arrived; ``path`` without a leading slash."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Reply(NamedTuple):
    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):  # noqa: N818  named as a reader would say it
    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text


def good_reply(call: Call, token: str = "") -> Reply:
    """What a service that keeps the contract answers."""
    try:
        return _good(call, token)
    except Refused as refused:
        return Reply(refused.status, outcome(refused.text))


def _good(call: Call, token: str) -> Reply:
    if call.method == "OPTIONS":
        allowed = {"Allow-Methods": "GET, POST", "Allow-Headers": "Authorization, Content-Type"}
        return Reply(204, b"", {f"Access-Control-{name}": value for name, value in allowed.items()})
    if token and call.headers.get("authorization") != f"Bearer {token}":
        raise Refused(401, "A token is needed.")
    if (call.method, call.path) == ("GET", "cds-services"):
        return Reply(200, {"services": [SERVICE]})
    if call.path == "cds-services/neutrophils/feedback":
        return feedback(read(call.body))
    if call.path != "cds-services/neutrophils":
        raise Refused(404, "There is no such service.")
    if call.method != "POST":
        raise Refused(405, "POST a hook request.")
    return Reply(200, {"cards": cards(read(call.body))})


def outcome(text: str) -> Json:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "invalid", "diagnostics": text}],
    }


def read(body: bytes) -> Json:
    """The JSON object of a body; Refused for anything else, duplicate names and NaN included."""

    def once(pairs: list[tuple[str, Any]]) -> Json:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a name occurs twice")
        return dict(pairs)

    def no_constant(name: str) -> None:
        raise ValueError(name)

    try:
        value = json.loads(body, object_pairs_hook=once, parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise Refused(400, "The body is no JSON.") from None
    if not isinstance(value, dict):
        raise Refused(400, "The body is no JSON object.")
    return value


def cards(request: Json) -> list[Json]:
    """One card for a known patient, none for one who has no count."""
    context = request.get("context")
    if request.get("hook") != "patient-view" or not isinstance(request.get("hookInstance"), str):
        raise Refused(400, "hook or hookInstance is wrong.")
    if not isinstance(context, dict) or not all(isinstance(context.get(n), str) for n in ("patientId", "userId")):
        raise Refused(400, "context is wrong.")
    counts = request.get("prefetch", {}).get("counts", ...)
    if counts is ... or (counts and (counts["resourceType"] != "Bundle" or counts.get("link"))):
        counts = fetched(request, f"Observation?patient={context['patientId']}&_count=100")
    if not counts or not counts.get("entry"):
        return []
    key = uuid.uuid5(uuid.NAMESPACE_URL, request["hookInstance"])
    suggestion = CARD["suggestions"][0] | {"uuid": str(uuid.uuid5(key, "repeat"))}  # type: ignore[index]
    return [CARD | {"uuid": str(key), "suggestions": [suggestion]}]


def fetched(request: Json, path: str) -> Json:
    """What the client's FHIR server answers; Refused with 412 if there is none."""
    if "fhirServer" not in request:
        raise Refused(412, "prefetch.counts is missing.")
    token = request.get("fhirAuthorization", {}).get("access_token", "")
    asked = urllib.request.Request(f"{request['fhirServer']}/{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked) as answer:
        found: Json = json.load(answer)
    return found


def feedback(body: Json) -> Reply:
    items = body.get("feedback")
    if not isinstance(items, list) or not items:
        raise Refused(400, "feedback is missing.")
    for each in items:
        accepted = each.get("outcome") == "accepted" and each.get("acceptedSuggestions")
        if not each.get("card") or not (accepted or each.get("outcome") == "overridden"):
            raise Refused(400, "feedback is wrong.")
    return Reply(200, b"")
