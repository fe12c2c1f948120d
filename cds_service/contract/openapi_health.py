"""The addresses for whoever runs the service: is it alive, can it take calls, what did it count."""

from typing import Any

from cds_service.contract.openapi_answers import ok, refused


def health_paths(services: int) -> dict[str, Any]:
    """The operations by address; ``services`` is how many there are."""
    return {
        "/health/live": {"get": _health("Is the process alive?", "live", {})},
        "/health/ready": {"get": _health("Can it answer hook calls?", "ready", {"services": services}, "503")},
        "/metrics": {"get": _metrics()},
    }


def _health(summary: str, status: str, more: dict[str, Any], *refusals: str) -> dict[str, Any]:
    answer = ok("Yes.", {"type": "object", "required": ["status"]}, {"status": status, **more})
    return {
        "operationId": f"health-{status}",
        "tags": ["Health"],
        "summary": summary,
        "description": "Open to everybody.",
        "security": [{}],
        "responses": {"200": answer, **refused(*refusals)},
    }


def _metrics() -> dict[str, Any]:
    text = ok("The metrics, in Prometheus' text format.", {"type": "string"}, media_type="text/plain")
    return {
        "operationId": "get-metrics",
        "tags": ["Health"],
        "summary": "Metrics for Prometheus",
        "description": "Counts and times of calls, where CDS_METRICS is on; for this machine, or for whoever has "
        "CDS_METRICS_TOKEN.",
        "responses": {"200": text, **refused("403", "404")},
    }
