"""A fetching client in sandbox mode (the fault server is on loopback), and a canary that nothing may reach."""

from collections.abc import Iterator

import pytest

from cds_service.fhir.access import Limits
from cds_service.fhir.client import FhirClient
from tests.fault_server import Canary


@pytest.fixture
def client() -> Iterator[FhirClient]:
    client = FhirClient(Limits(max_bytes=1_000_000, max_pages=5))
    yield client
    client.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()
