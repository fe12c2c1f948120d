"""The addresses beside CDS Hooks: what the record says of cause, and what the service knows."""

from typing import Any

from cds_service.contract.openapi_answers import REFUSED_POST, json_body, ok, refused

_WHO = {"patientId": "case1g", "fhirServer": "https://ehr.example.org/fhir"}
_OBJECT = {"type": "object"}
_ASKED = {
    "type": "object",
    "required": ["patientId", "fhirServer"],
    "properties": {
        "patientId": {"type": "string", "description": "The id of a Patient resource. Never in the URL."},
        "fhirServer": {"type": "string", "description": "The base URL of the FHIR R4 server that has the patient."},
        "fhirAuthorization": {
            "type": "object",
            "properties": {"access_token": {"type": "string", "description": "Where the server asks for one."}},
        },
    },
}


def knowledge_paths() -> dict[str, Any]:
    """The operations by address."""
    return {
        "/causality": {"post": _causality()},
        "/about": {"get": _get("about", "What this is", "Version, content hash and the 13 source attributes.")},
        "/decision-table": {
            "get": _get("decision-table", "Every row of the rules", "As a page, or as Markdown.", "text/html")
        },
        "/fhir/ValueSet": {
            "get": _get("list-value-sets", "The code lists", "A searchset Bundle of them all.", "application/fhir+json")
        },
        "/fhir/ValueSet/{name}": {"get": _value_set()},
    }


def _causality() -> dict[str, Any]:
    return {
        "operationId": "causality",
        "tags": ["Knowledge"],
        "summary": "Was it the drug?",
        "description": "Proposed inputs and scores for each low run of neutrophils, for a reviewer.",
        "requestBody": json_body(_ASKED, _WHO),
        "responses": {
            "200": ok("The episodes, the earliest first.", {"type": "object", "required": ["episodes"]}),
            **refused(*REFUSED_POST),
        },
    }


def _get(name: str, summary: str, description: str, media_type: str = "application/json") -> dict[str, Any]:
    schema = _OBJECT if "json" in media_type else {"type": "string"}
    return {
        "operationId": name,
        "tags": ["Knowledge"],
        "summary": summary,
        "description": f"{description} No patient is in it.",
        "responses": {"200": ok(summary, schema, media_type=media_type)},
    }


def _value_set() -> dict[str, Any]:
    one = _get("get-value-set", "One code list", "A FHIR R4 ValueSet.", "application/fhir+json")
    one["parameters"] = [
        {"name": "name", "in": "path", "required": True, "description": "Its id.", "schema": {"type": "string"}}
    ]
    one["responses"] |= refused("404")
    return one
