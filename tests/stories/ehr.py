"""The EHR of the story tests: fills the service's prefetch templates, calls the hook, serves its FHIR store."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from flask.testing import FlaskClient

from cds_service.ehr.prefetch import filled
from cds_service.stories import Story
from tests.stories.fhir_store import FhirStore


def call_with_prefetch(client: FlaskClient, story: Story, store: FhirStore) -> dict[str, Any]:
    """The answer where the EHR prefetched everything and names no FHIR server: nothing can be fetched."""
    service = _service_for(client, story)
    return _post(client, service["id"], story.hook | {"prefetch": prefetched(service["prefetch"], story, store)})


def prefetched(templates: Mapping[str, str], story: Story, store: FhirStore) -> dict[str, Any]:
    """The value of each key as an EHR fills it, unless the story brings its own."""
    return {key: _value(each, story, store) for key, each in templates.items()} | story.hook.get("prefetch", {})


def call_without_prefetch(client: FlaskClient, story: Story, fhir_url: str) -> dict[str, Any]:
    """The answer where the service must fetch (a ``prefetch`` value that belongs to the story is sent all the same)."""
    service = _service_for(client, story)
    return _post(client, service["id"], story.hook | {"fhirServer": fhir_url})


@contextmanager
def serving(store: FhirStore) -> Iterator[str]:
    """Serves ``store`` over HTTP on a free loopback port; gives the base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # The body follows the headers in a write of its own: with Nagle's algorithm each answer would take 40 ms.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            status, resource = store.get(self.path.removeprefix("/fhir/"))
            body = json.dumps(resource).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/fhir+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Quiet: the tests' own output is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    store.base = f"http://127.0.0.1:{server.server_port}/fhir"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield store.base
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _service_for(client: FlaskClient, story: Story) -> dict[str, Any]:
    listed = client.get("/cds-services").get_json()["services"]
    (service,) = [each for each in listed if each["hook"] == story.hook_name]
    return service


def _value(template: str, story: Story, store: FhirStore) -> Any:
    """What an EHR sends for one key: null for nothing found; the Medications that requests refer to come with them."""
    path = filled(template, story.hook["context"])
    assert path is not None, f"cannot fill {template}"
    status, resource = store.get(path)
    assert status == 200, (path, resource)
    if resource["resourceType"] == "Bundle":
        if "entry" not in resource:
            return None
        resource["entry"] += [
            {"resource": each, "search": {"mode": "include"}} for each in _medications(resource, store)
        ]
    return resource


def _medications(bundle: dict[str, Any], store: FhirStore) -> Iterator[dict[str, Any]]:
    for entry in bundle["entry"]:
        reference = entry["resource"].get("medicationReference", {}).get("reference", "#")
        if not reference.startswith("#"):
            yield store.held[reference]


def _post(client: FlaskClient, service_id: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/cds-services/{service_id}", json=body)
    assert answer.status_code == 200, (answer.status_code, answer.get_data(as_text=True))
    return answer.get_json()
