"""Every story, on the software behind the public FHIR servers, gives the cards that a clinician expects."""

import json

import pytest

from cds_service import stories
from cds_service.cli.main import run
from cds_service.cli.sandbox_server import service_server
from tests.stories.test_stories import check_fetched, every_story

pytestmark = pytest.mark.hapi


@every_story
def test_fetched(name, client_for, hapi):
    check_fetched(name, client_for, hapi)
