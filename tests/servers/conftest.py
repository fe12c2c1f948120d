"""One HAPI server for the session with all patient stories on it, and a new patient for each test of a habit."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.servers.hapi_client import Hapi, Resource, ago, anakinra, count
from tests.servers.hapi_server import hapi_server
from tests.stories.conftest import Loaded, client_for, load_all

__all__ = ["client_for"]


@pytest.fixture(scope="session")
def hapi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    with hapi_server(tmp_path_factory.mktemp("hapi")) as base:
        yield load_all(base)


@pytest.fixture
def server(hapi: Loaded) -> Hapi:
    return Hapi(hapi.base)


@pytest.fixture
def patient(server: Hapi) -> str:
    """Somebody on anakinra for a month, with a count of 3.0 two days ago."""
    identifier = server.create({"resourceType": "Patient", "birthDate": "1990-01-01"})
    server.create(anakinra(identifier))
    server.create(count(identifier, 3.0, ago(days=2)))
    return identifier


@pytest.fixture
def view(hapi: Loaded, client_for: Callable[[str], Any]) -> Callable[[str], Resource]:
    """A function: the answer to patient-view for a patient whose data the service fetches itself."""

    def call(patient: str) -> Resource:
        body = {
            "hook": "patient-view",
            "hookInstance": str(uuid4()),
            "fhirServer": hapi.base,
            "context": {"userId": "Practitioner/1", "patientId": patient},
        }
        answer = client_for("us").post("/cds-services/anakinra-neutropenia-view", json=body)
        return {"status": answer.status_code, **answer.get_json()}

    return call
