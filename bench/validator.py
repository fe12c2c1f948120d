"""The validator: one payload, after the first (which loads the models and schemas)."""

import time
from datetime import UTC, datetime
from statistics import median

from bench import reference
from cds_service import create_app
from cds_service.hooks.response import encode
from cds_service.settings import Settings
from cds_service.validate import validate
from cds_service.validate.text import read

TIMES = 50


def report() -> str:
    request = reference.body(datetime.now(UTC))
    client = create_app(Settings(audit="off", feedback="off")).test_client()
    response = client.post("/cds-services/anakinra-neutropenia-view", data=request).data
    cards = read(response).value["cards"]
    shortened = encode({"cards": [cards[0] | {"suggestions": cards[0]["suggestions"][:1]}]})
    rows = [
        ("one card with a suggestion", shortened, None),
        ("the reference response, three cards with suggestions and the trace", response, None),
        ("the same beside its request", response, request),
        ("discovery", client.get("/cds-services").data, None),
        ("the reference request, 126 resources", request, None),
    ]
    return "\n".join(
        [
            "## Validator\n",
            "Goal: a response of 4 KB in under 5 ms, FHIR resources included.\n",
            "| payload | KB | milliseconds |",
            "|---|---|---|",
            *(f"| {name} | {len(body) / 1000:.1f} | {_milliseconds(body, asked):.1f} |" for name, body, asked in rows),
        ]
    )


def _milliseconds(body: bytes, request: bytes | None) -> float:
    validate(body, request=request)
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        validate(body, request=request)
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken)
