"""Six searches cost about one round trip; keys keep their own outcome; references are read the same way."""

import time
from threading import Barrier
from typing import Any

from cds_service.clinical.record import Extent
from cds_service.fhir.client import FhirClient
from cds_service.fhir.gather import gather
from cds_service.fhir.references import read_many
from tests.fault_server import FaultServer
from tests.fhir.sample import SEARCH, access_to, observations

PLAN = {key: f"Observation?patient=1&category={key}" for key in "abcdef"}


def test_searches_run_side_by_side_over_kept_connections(client: FhirClient) -> None:
    all_asked = Barrier(len(PLAN))

    def answer(asked: str) -> dict[str, Any]:
        all_asked.wait(10)  # nobody is answered before everybody has asked
        return observations(asked)

    with FaultServer(answer) as server:
        for _ in range(3):
            found = gather({}, PLAN, client, access_to(server.base_url))
            assert list(found) == list(PLAN)
            assert all(data.completeness.complete for data in found.values())
    assert server.connections <= client.limits.calls_per_host


def test_one_key_that_fails_does_not_cost_the_others(client: FhirClient) -> None:
    with FaultServer(observations, "dripped-body", only=lambda asked: asked.endswith("=c")) as server:
        found = gather({}, PLAN, client, access_to(server.base_url, 1000))
    assert [key for key, data in found.items() if not data.completeness.complete] == ["c"]
    assert found["c"].milliseconds is not None
    assert found["c"].milliseconds >= 990


def test_more_keys_than_threads_still_all_come(client: FhirClient) -> None:
    plan = {str(n): f"Observation?patient={n}" for n in range(30)}
    with FaultServer(observations, latency=0.01) as server:
        found = gather({}, plan, client, access_to(server.base_url))
    assert all(data.completeness.complete for data in found.values())


def test_a_deadline_that_has_passed_asks_nothing(client: FhirClient) -> None:
    with FaultServer(observations) as server:
        data = gather({}, {"neutrophils": SEARCH}, client, access_to(server.base_url, 0))["neutrophils"]
        time.sleep(0.05)
        assert server.requests == []
    assert data.completeness.extent is Extent.UNAVAILABLE


def _medication(asked: str) -> dict[str, str]:
    return {"resourceType": "Medication", "id": asked.removeprefix("Medication/")}


def test_references_are_read_side_by_side_each_once(client: FhirClient) -> None:
    with FaultServer(_medication, latency=0.05) as server:
        absolute = f"{server.base_url}/Medication/m1"
        references = ["Medication/m1", absolute, "Medication/m1/_history/3", "Medication/m2", "#in", "urn:uuid:1"]
        foreign = "https://elsewhere.example.org/fhir/Medication/m1"
        found = read_many([*references, foreign], client, access_to(server.base_url))
        asked = sorted(request.asked for request in server.requests)
    assert asked == ["Medication/m1", "Medication/m2"]
    assert found["Medication/m1"].body == found[absolute].body == b'{"resourceType": "Medication", "id": "m1"}'
    assert found["Medication/m2"].body == b'{"resourceType": "Medication", "id": "m2"}'
    assert found["#in"].reason == found["urn:uuid:1"].reason == "the reference is no Type/id"
    assert found[foreign].reason == "the reference leads to another server"


def test_references_that_cannot_be_had_say_why(client: FhirClient) -> None:
    many = [f"Medication/m{n}" for n in range(4)]
    with FaultServer(_medication, "404", only=lambda asked: asked.endswith("m1")) as server:
        found = read_many(many, client, access_to(server.base_url), limit=3)
    assert [bool(found[each].body) for each in many] == [True, False, True, False]
    assert found["Medication/m1"].reason == "the FHIR server answered HTTP 404 (not found)"
    assert found["Medication/m3"].reason == "more than 3 references to read"
    with FaultServer(_medication, "slow-first-byte") as server:
        late = read_many(many[:1], client, access_to(server.base_url, 100))
    assert late["Medication/m0"].reason == "the FHIR server did not answer within the time allowed"
    with FaultServer(lambda _: {"resourceType": "Medication", "id": "another"}) as server:
        other = read_many(many[:1], client, access_to(server.base_url))
    assert other["Medication/m0"].reason == "the answer is not the Medication asked for"


def test_references_without_a_server_or_without_any(client: FhirClient) -> None:
    assert read_many(["Medication/1"], client, None)["Medication/1"].reason == "no fhirServer was given"
    with FaultServer(_medication) as server:
        assert read_many([], client, access_to(server.base_url)) == {}
