"""A real story fetched key by key: whole, in small pages, and with one key's server at fault."""

import json

import pytest

from cds_service import stories
from cds_service.clinical.record import Extent
from cds_service.fhir.access import Limits
from cds_service.fhir.client import FhirClient
from cds_service.fhir.gather import gather
from cds_service.hooks.services import TEMPLATES
from tests.fault_server import FaultServer
from tests.fhir.sample import access_to
from tests.fhir_records import Records

STORY = stories.read(stories.names()[0])
PLAN = {key: template.replace("{{context.patientId}}", STORY.patient_id) for key, template in TEMPLATES.items()}


def _ids(pages: tuple[bytes, ...]) -> list[str]:
    bundles = [json.loads(page) for page in pages]
    return [entry["resource"]["id"] for bundle in bundles for entry in bundle.get("entry", ())]


@pytest.mark.parametrize("page_size", [1000, 1])
def test_every_resource_of_the_story_comes(page_size: int) -> None:
    client = FhirClient(Limits(max_pages=100))
    records = Records(STORY.resources, page_size)
    with FaultServer(records.respond) as server:
        found = gather({}, PLAN, client, access_to(server.base_url))
    client.close()
    assert {key: data.completeness.reason for key, data in found.items()} == dict.fromkeys(PLAN, "")
    for key, template in PLAN.items():
        if "?" in template:
            entries = Records(STORY.resources).respond(template)["entry"]
            assert _ids(found[key].pages) == [entry["resource"]["id"] for entry in entries]
    assert json.loads(found["patient"].pages[0])["id"] == STORY.patient_id
    assert _ids(found["medications"].pages)


def test_a_fault_of_one_search_costs_that_key_only(client: FhirClient) -> None:
    with FaultServer(Records(STORY.resources).respond, "503", only=lambda asked: asked.startswith("Cond")) as server:
        found = gather({}, PLAN, client, access_to(server.base_url))
    assert [key for key, data in found.items() if data.completeness.extent is not Extent.COMPLETE] == ["conditions"]
