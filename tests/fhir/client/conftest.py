"""The FHIR server that a client may be sent to."""

from collections.abc import Iterator

import pytest

from tests.fault_server import FaultServer
from tests.fhir.sample import observations


@pytest.fixture
def ehr() -> Iterator[FaultServer]:
    with FaultServer(observations) as server:
        yield server
