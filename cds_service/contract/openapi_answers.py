"""The answers that the addresses of the OpenAPI document have in common."""

from typing import Any

FHIR_JSON = "application/fhir+json"

REFUSED_POST = ("400", "401", "403", "413", "429", "500")
REFUSED_HOOK_CALL = ("400", "401", "403", "412", "413", "429", "500")

_REFUSALS = {
    "400": ("BadRequest", "invalid", "The body is not what this address takes.", "context is missing: send it."),
    "401": (
        "NotAuthenticated",
        "login",
        "The JWT is missing or not accepted. A sandbox asks for none.",
        "Send a JWT signed for this URL.",
    ),
    "403": (
        "Forbidden",
        "forbidden",
        "The service is switched off, or the caller may not use this server: an open sandbox answers its machine only.",
        "Call it through a loopback address.",
    ),
    "404": ("NotFound", "not-found", "There is nothing of that name.", "GET /cds-services lists the services."),
    "412": (
        "DataMissing",
        "incomplete",
        "Required data came neither as prefetch nor from the FHIR server. Nothing was assessed.",
        "Prefetch key 'medications' was not sent, and there is no fhirServer to read it from.",
    ),
    "413": ("TooLarge", "too-long", "The body is longer than this server reads.", "Send less."),
    "429": (
        "TooManyCalls",
        "throttled",
        "Too many calls of this caller in one minute. Retry-After says for how many seconds to wait.",
        "More than 6000 calls in one minute: nothing was assessed. Call again in 12 s.",
    ),
    "500": (
        "Fault",
        "exception",
        "A fault of this service. Nothing was assessed.",
        "Report the id to whoever runs it.",
    ),
    "503": (
        "NotNow",
        "transient",
        "Not now: this process is ending, or something that it needs does not answer.",
        "This process is ending: send calls to another one.",
    ),
}


def schema_ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def ok(
    description: str, schema: dict[str, Any], example: Any = None, media_type: str = "application/json"
) -> dict[str, Any]:
    """An answer with a body; ``example`` is one real body."""
    return {"description": description, "content": _content(schema, example, media_type)}


def json_body(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"required": True, "content": _content(schema, example, "application/json")}


def refused(*statuses: str) -> dict[str, Any]:
    """The OperationOutcomes of these statuses."""
    return {status: {"$ref": f"#/components/responses/{_REFUSALS[status][0]}"} for status in statuses}


def _content(schema: dict[str, Any], example: Any, media_type: str) -> dict[str, Any]:
    body = {"schema": schema}
    return {media_type: body if example is None else body | {"examples": {"example": {"value": example}}}}


def _refusal(code: str, description: str, diagnostics: str) -> dict[str, Any]:
    issue = {"severity": "error", "code": code, "diagnostics": diagnostics}
    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
    return ok(description, schema_ref("OperationOutcome"), outcome, FHIR_JSON)


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _list_of(member: str, description: str, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [member],
        "properties": {member: {"type": "array", "description": description, "items": item}},
    }


_ISSUE = {
    "type": "object",
    "required": ["severity", "code"],
    "properties": {
        "severity": _text("How bad it is.", enum=["fatal", "error", "warning", "information"]),
        "code": _text("A code of https://hl7.org/fhir/R4/valueset-issue-type.html."),
        "diagnostics": _text("The field that is wrong and what to send instead; never a patient's data."),
    },
}
_FINDING = {
    "type": "object",
    "required": ["severity", "pointer", "line", "column", "requirement", "message", "fix"],
    "properties": {
        "severity": _text(
            "An error breaks the rules; a hint is what good readers take.", enum=["error", "warning", "hint"]
        ),
        "pointer": _text("Where, as a JSON pointer (RFC 6901); empty for the whole body."),
        "line": {"type": "integer", "minimum": 0, "description": "The line in the body, from 1."},
        "column": {"type": "integer", "minimum": 0, "description": "The character in the line, from 1."},
        "requirement": _text("The id of the rule, such as cds-hooks_2.0@83."),
        "message": _text("What is wrong."),
        "fix": _text("What to send instead."),
    },
}
_STORED = {
    "type": "object",
    "required": ["stored", "repeated"],
    "properties": {
        "stored": {"type": "integer", "description": "How many entries were new."},
        "repeated": {"type": "integer", "description": "How many had come before."},
    },
}
_LISTED = {
    "type": "object",
    "required": ["profile", "name", "title", "url"],
    "properties": {
        "profile": _text("Which edition of the rules."),
        "name": _text("The name of the document."),
        "title": _text("What it describes."),
        "url": _text("Where it is on this server."),
    },
}
_OUTCOME = _list_of("issue", "One issue for each thing that is wrong.", _ISSUE)
_OUTCOME["required"] += ["resourceType"]
_OUTCOME["properties"] |= {
    "resourceType": {"const": "OperationOutcome", "description": "https://hl7.org/fhir/R4/operationoutcome.html"},
    "id": _text("The id under which the service's log has this refusal."),
}

ANSWERS: dict[str, dict[str, Any]] = {
    "schemas": {
        "OperationOutcome": _OUTCOME,
        "FeedbackStored": _STORED,
        "Findings": _list_of("findings", "Every finding, in the order of the body.", _FINDING),
        "SchemaList": _list_of("schemas", "Every schema.", _LISTED),
    },
    "responses": {
        name: _refusal(code, description, diagnostics) for name, code, description, diagnostics in _REFUSALS.values()
    },
}
