"""Every story, on the software behind the public FHIR servers, gives the cards that a clinician expects."""

import json
from collections.abc import Iterator

import pytest

from cds_service import stories
from cds_service.cli.main import run
from cds_service.cli.sandbox_server import service_server
from cds_service.ehr.client import place
from tests.stories.conftest import Loaded
from tests.stories.test_stories import check_fetched, every_story

pytestmark = pytest.mark.hapi

# story, what the EHR's user does
FIRED = [
    ("case-1-b-day-4", ["patient-view"]),
    ("row-pv10-urgent", ["patient-view"]),
    ("overlay-l3-liver", ["patient-view"]),
    ("row-pv00-neither-drug", ["patient-view"]),
    ("child-1-order-anakinra", ["order-select", "--order", "anakinra"]),
    ("row-oa04-below-label", ["order-sign", "--order", "anakinra"]),
]


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with service_server() as base:
        yield base


@every_story
def test_fetched(name, client_for, hapi):
    check_fetched(name, client_for, hapi)


@pytest.mark.parametrize("data", ["prefetched", "fetched"])
@pytest.mark.parametrize(("name", "asked"), FIRED, ids=[name for name, _ in FIRED])
def test_fired(name, asked, data, hapi: Loaded, service, capsys):
    assert run(["load", "--fhir", hapi.base, "--story", name]) == 0
    capsys.readouterr()
    try:
        options = ["--service", service, "--fhir", hapi.base, "--patient", hapi.stories[name].patient_id, "--json"]
        assert run(["fire", *asked, *options, *(["--no-prefetch"] if data == "fetched" else [])]) == 0
    finally:
        # What other tests rely on is put back.
        assert place("--fhir", hapi.base).post("", hapi.stories[name].bundle).ok
    printed = capsys.readouterr()
    assert printed.err == ""
    cards = [(each["source"]["topic"]["code"], each["indicator"]) for each in json.loads(printed.out)["cards"]]
    assert cards == [(each["code"], each["indicator"]) for each in stories.read(name).expected["cards"]]
