"""schemathesis over our own OpenAPI document: whatever it makes up, no 5xx, and every refusal is one we describe."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from cds_service import create_app
from cds_service.settings import Settings

# What is made up is checked against deep schemas, on a busy machine.
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
QUICK = settings(max_examples=8, deadline=None, suppress_health_check=QUIET, derandomize=True)
THOROUGH = settings(max_examples=300, deadline=None, suppress_health_check=QUIET)
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


# At import, as schemathesis makes a test of each operation: its fixtures do not get along with pytest 9.
DOCUMENT = schemathesis.openapi.from_wsgi("/openapi.json", create_app(Settings(deadline_ms=50, metrics="on")))


def check(case: schemathesis.Case) -> None:
    if isinstance(case.body, dict):
        case.body.pop("fhirServer", None)  # no call leaves this machine
    response = case.call()
    case.validate_response(response, checks=CHECKS)
    if response.status_code >= 400:
        assert response.json()["resourceType"] == "OperationOutcome"


@DOCUMENT.parametrize()
@QUICK
def test_whatever_is_made_up_gets_no_fault(case: schemathesis.Case) -> None:
    check(case)


@pytest.mark.slow
@DOCUMENT.parametrize()
@THOROUGH
def test_whatever_is_made_up_gets_no_fault_however_often(case: schemathesis.Case) -> None:
    check(case)
