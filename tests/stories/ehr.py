"""The EHR of the story tests: fills the service's prefetch templates and calls the hook."""

from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

from cds_service.ehr.fhir_store import FhirStore
from cds_service.ehr.prefetch import filled
from cds_service.stories import Story


def call_with_prefetch(client: FlaskClient, story: Story, store: FhirStore) -> dict[str, Any]:
    """The answer where the EHR prefetched everything and names no FHIR server: nothing can be fetched."""
    service = _service_for(client, story)
    prefetch = {key: _value(template, story, store) for key, template in service["prefetch"].items()}
    return _post(client, service["id"], story.hook | {"prefetch": prefetch | story.hook.get("prefetch", {})})


def call_without_prefetch(client: FlaskClient, story: Story, fhir_url: str) -> dict[str, Any]:
    """The answer where the service must fetch (a ``prefetch`` value that belongs to the story is sent all the same)."""
    service = _service_for(client, story)
    return _post(client, service["id"], story.hook | {"fhirServer": fhir_url})


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
