"""A server that will not sort, or size pages, is asked once more without that; for any other refusal it is not."""

import pytest

from cds_service.clinical.record import Extent
from cds_service.fhir.client import FhirClient
from cds_service.fhir.gather import gather
from cds_service.fhir.targets import plan_target, without_order
from cds_service.fhir.urls import SANDBOX, check_base
from tests.fault_server import FaultServer
from tests.faults import FAULTS
from tests.fhir.sample import access_to, observations

SORTED = "Observation?patient=1&code=751-8&_sort=-date&_count=200"
PLAIN = "Observation?patient=1&code=751-8"


@pytest.mark.parametrize(
    ("searched", "plain"),
    [
        (SORTED, PLAIN),
        ("Condition?_count=200&patient=1", "Condition?patient=1"),
        ("Condition?patient=1", "Condition?patient=1"),
        ("Condition?_sort=-recorded-date", "Condition"),
        ("Patient/1", "Patient/1"),
    ],
)
def test_only_the_order_and_the_size_are_taken_away(searched: str, plain: str) -> None:
    base = check_base("http://127.0.0.1:9/fhir", SANDBOX)
    assert without_order(plan_target(base, searched)) == plan_target(base, plain)


def test_a_server_that_will_not_sort_is_asked_without(client: FhirClient) -> None:
    with FaultServer(observations, "400", only=lambda asked: "_sort" in asked) as server:
        data = gather({}, {"neutrophils": SORTED}, client, access_to(server.base_url))["neutrophils"]
    assert [request.asked for request in server.requests] == [SORTED, PLAIN]
    assert (data.state, data.completeness.extent, len(data.pages)) == ("fetched", Extent.COMPLETE, 1)


def test_its_further_pages_are_followed(client: FhirClient) -> None:
    with FaultServer(observations) as server:
        server.fault = lambda exchange: FAULTS["400" if "_sort" in exchange.asked else "in-two-pages"](exchange)
        data = gather({}, {"neutrophils": SORTED}, client, access_to(server.base_url))["neutrophils"]
    assert (data.completeness.extent, len(data.pages)) == (Extent.COMPLETE, 2)


@pytest.mark.parametrize(("fault", "times"), [("400", 2), ("403", 1), ("404", 1), ("500", 1)])
def test_a_search_is_asked_twice_at_most(fault: str, times: int, client: FhirClient) -> None:
    with FaultServer(observations, fault) as server:
        data = gather({}, {"neutrophils": SORTED}, client, access_to(server.base_url))["neutrophils"]
    assert len(server.requests) == times
    assert (data.state, data.completeness.extent) == ("failed", Extent.UNAVAILABLE)
    assert f"HTTP {fault}" in data.completeness.reason


def test_a_read_is_asked_once(client: FhirClient) -> None:
    with FaultServer(observations, "400") as server:
        gather({}, {"patient": "Patient/1"}, client, access_to(server.base_url))
    assert len(server.requests) == 1
