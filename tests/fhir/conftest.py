"""A fetching client; its calls are under the sandbox rules (the fault server is on loopback)."""

from collections.abc import Iterator

import pytest

from cds_service.fhir.access import Limits
from cds_service.fhir.client import FhirClient


@pytest.fixture
def client() -> Iterator[FhirClient]:
    client = FhirClient(Limits(max_bytes=1_000_000, max_pages=5))
    yield client
    client.close()
