"""The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0): every address of the service, for people and tools.

Built on the schemas of ``cds_service.contract.schemas``, which it carries inside: whoever has the document has all.
"""

from collections.abc import Sequence
from typing import Any

from cds_service.contract.openapi_answers import ANSWERS
from cds_service.contract.openapi_paths import Offer, paths, request_name
from cds_service.contract.schemas import schema


def openapi(offers: Sequence[Offer], version: str) -> dict[str, Any]:
    """The document of a server that offers these services."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "anakinra-cds",
            "version": version,
            "summary": "A CDS Hooks 2.0 service about neutropenia on anakinra.",
            "description": (
                "An EHR reads /cds-services once and then calls a service at each hook. An answer with status 200 "
                "always has cards, and an empty list of cards says that there is nothing to advise. Any other answer "
                "is a FHIR OperationOutcome whose diagnostics name the field and the fix. Unreviewed content: for "
                "evaluation, not for the care of patients."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "externalDocs": {"description": "CDS Hooks 2.0", "url": "https://cds-hooks.hl7.org/2.0/"},
        "servers": [{"url": "/", "description": "The server that this document is from."}],
        "security": [{}, {"clientJwt": []}],
        "tags": [
            {"name": "CDS Hooks", "description": "What an EHR calls."},
            {"name": "Bench", "description": "What an engineer tests payloads with."},
            {"name": "Knowledge", "description": "What the service knows, and what a record says of cause."},
            {"name": "Health", "description": "What probes call."},
        ],
        "paths": paths(offers),
        "components": {
            "schemas": {
                "DiscoveryResponse": _component("discovery"),
                **{request_name(offer.hook): _component("request", offer.hook) for offer in offers},
                "HookResponse": _component("response"),
                "Feedback": _component("feedback"),
                **ANSWERS["schemas"],
            },
            "responses": ANSWERS["responses"],
            "securitySchemes": {
                "clientJwt": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": (
                        "The JWT that the EHR signs (ES384 or RS384) for the exact URL it calls: "
                        "https://cds-hooks.hl7.org/2.0/#trusting-cds-clients. A sandbox does without."
                    ),
                }
            },
        },
    }


def _component(kind: str, hook: str = "") -> dict[str, Any]:
    # A nested $id would change what references inside this document mean.
    return {word: value for word, value in schema(kind, hook=hook).items() if word not in {"$schema", "$id"}}
