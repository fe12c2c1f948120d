"""The addresses of the OpenAPI document: what each is for, what it takes and what it answers."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from cds_service.contract.openapi_answers import (
    REFUSED_HOOK_CALL,
    REFUSED_POST,
    json_body,
    ok,
    refused,
    schema_ref,
)
from cds_service.contract.openapi_health import health_paths
from cds_service.contract.openapi_knowledge import knowledge_paths
from cds_service.contract.schemas import KINDS, PROFILES, documents

_FEEDBACK = {
    "feedback": [
        {
            "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
            "outcome": "accepted",
            "acceptedSuggestions": [{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}],
            "outcomeTimestamp": "2026-11-23T10:05:31Z",
        }
    ]
}


class Offer(NamedTuple):
    """One service as discovery lists it, with one real call: all three are JSON."""

    listed: dict[str, Any]
    request: dict[str, Any]
    response: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.listed["id"])

    @property
    def hook(self) -> str:
        return str(self.listed["hook"])


def paths(offers: Sequence[Offer]) -> dict[str, Any]:
    """Every address, with its operations."""
    return {
        "/cds-services": {"get": _discovery(offers)},
        **{f"/cds-services/{offer.id}": {"post": _hook_call(offer)} for offer in offers},
        "/cds-services/{id}/feedback": {"post": _feedback(offers)},
        "/validate": {"post": _validate()},
        "/schemas": {"get": _index()},
        "/schemas/{profile}/{name}": {"get": _schema()},
        "/openapi.json": {"get": _document()},
        **knowledge_paths(),
        **health_paths(len(offers)),
    }


def request_name(hook: str) -> str:
    """The component that describes the request of a hook: OrderSelectRequest."""
    return "".join(part.title() for part in hook.split("-")) + "Request"


def _operation(name: str, tag: str, summary: str, description: str, **members: Any) -> dict[str, Any]:
    return {"operationId": name, "tags": [tag], "summary": summary, "description": description, **members}


def _discovery(offers: Sequence[Offer]) -> dict[str, Any]:
    return _operation(
        "discover",
        "CDS Hooks",
        "Which services there are",
        "Each service with its hook, and the FHIR queries whose results it would like to be sent along as prefetch.",
        responses={
            "200": ok(
                "The services.", schema_ref("DiscoveryResponse"), {"services": [offer.listed for offer in offers]}
            ),
            **refused("401", "403", "429", "500"),
        },
    )


def _hook_call(offer: Offer) -> dict[str, Any]:
    return _operation(
        f"call-{offer.hook}",
        "CDS Hooks",
        offer.listed["title"],
        f"Called at the hook {offer.hook}. {offer.listed['description']} Required data that did not come as prefetch "
        "are read from fhirServer; if they cannot be had, the answer is 412 and never an empty list of cards.",
        requestBody=json_body(schema_ref(request_name(offer.hook)), offer.request),
        responses={
            "200": ok(
                "The cards; an empty list if there is nothing to advise.", schema_ref("HookResponse"), offer.response
            ),
            **refused(*REFUSED_HOOK_CALL),
        },
    )


def _feedback(offers: Sequence[Offer]) -> dict[str, Any]:
    return _operation(
        "give-feedback",
        "CDS Hooks",
        "What users did with cards",
        "Accepted suggestions and overridden cards, several at once if need be. Sent again, they count once.",
        parameters=[
            _path_parameter("id", "The id of the service that sent the cards.", [offer.id for offer in offers])
        ],
        requestBody=json_body(schema_ref("Feedback"), _FEEDBACK),
        responses={
            "200": ok("Stored.", schema_ref("FeedbackStored"), {"stored": 1, "repeated": 0}),
            **refused(*REFUSED_POST, "404"),
        },
    )


def _validate() -> dict[str, Any]:
    return _operation(
        "validate",
        "Bench",
        "What is wrong with a payload",
        "Takes any CDS Hooks body, of this service or any other, and answers every finding with its place, its "
        "requirement and its fix.",
        parameters=[
            _query_parameter("kind", "What the body is; told from the body where it is left out.", ("auto", *KINDS)),
            _query_parameter("profile", "Which rules apply.", PROFILES),
        ],
        requestBody=json_body({"description": "The payload to check: any JSON."}, {"cards": []}),
        responses={"200": ok("The findings.", schema_ref("Findings"), {"findings": []}), **refused(*REFUSED_POST)},
    )


def _index() -> dict[str, Any]:
    return _operation(
        "list-schemas",
        "Bench",
        "Which JSON Schemas there are",
        "Every schema with its profile, title and address.",
        responses={"200": ok("The list.", schema_ref("SchemaList"))},
    )


def _schema() -> dict[str, Any]:
    names = sorted({name.partition("/")[2] for name in documents()})
    return _operation(
        "get-schema",
        "Bench",
        "One JSON Schema",
        "A JSON Schema (2020-12) that stands alone: it refers to nothing that a validator would have to fetch.",
        parameters=[
            _path_parameter("profile", "Which edition of the rules.", PROFILES),
            _path_parameter("name", "Which kind of body.", names),
        ],
        responses={
            "200": ok("The schema.", {"type": "object"}, media_type="application/schema+json"),
            **refused("404"),
        },
    )


def _document() -> dict[str, Any]:
    return _operation(
        "get-openapi",
        "Bench",
        "This document",
        "Every address of this service.",
        responses={"200": ok("This document.", {"type": "object"})},
    )


def _path_parameter(name: str, description: str, values: Sequence[str]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": {"enum": list(values)}}


def _query_parameter(name: str, description: str, values: Sequence[str]) -> dict[str, Any]:
    choice = {"enum": list(values), "default": values[0]}
    return {"name": name, "in": "query", "description": description, "schema": choice}
