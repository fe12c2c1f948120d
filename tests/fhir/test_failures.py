"""Every cause of a failure is told apart in the metrics."""

import pytest

from cds_service.fhir import failures
from cds_service.fhir.reason_kinds import KINDS, kind_of
from cds_service.fhir.urls import UrlRefused

CAUSES = [
    (failures.TimedOut(), "timeout"),
    (failures.Unreachable("no such name"), "unreachable"),
    (failures.NotAllowed("an address outside the FHIR server of this call"), "not-allowed"),
    (failures.NotAllowed("the FHIR server's name leads to a private address"), "not-allowed"),
    (failures.NotAllowed("the access token holds characters that cannot be sent"), "not-allowed"),
    (failures.NotAsked(12), "breaker-open"),
    (failures.NotAsked(0), "breaker-open"),
    (failures.Crowded(), "crowded"),
    (failures.BrokenOff(), "broken-off"),
    (failures.HttpStatus(308), "redirect"),
    (failures.HttpStatus(401), "http-401"),
    (failures.HttpStatus(410), "http-4xx"),
    (failures.HttpStatus(503), "http-5xx"),
    (failures.HttpStatus(204), "http-other"),
    (failures.NotFhir("HTML"), "not-fhir"),
    (failures.TooLarge(5), "too-large"),
    (failures.TooManyEntries(5), "too-large"),
    (failures.OutcomeInstead("throttled"), "operation-outcome"),
    (failures.WrongResource("Bundle"), "wrong-resource"),
]


@pytest.mark.parametrize(("failure", "kind"), CAUSES, ids=lambda each: getattr(each, "reason", each))
def test_a_failure_is_counted_by_its_kind(failure, kind):
    assert kind_of(failure.reason) == kind
    assert kind in KINDS


def test_no_cause_was_forgotten():
    """A refused address goes behind what it is the address of: "the link to the next page leads to another server"."""
    assert {type(failure) for failure, _ in CAUSES} == set(failures.FetchFailure.__subclasses__()) - {UrlRefused}
