"""Real requests with something spoiled in them, at every POST address.

Never a 5xx, never a traceback: an OperationOutcome or a valid answer. And a patient known to be neutropenic is never
answered with silence because of what no rule rests on.
"""

import json

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service import create_app
from cds_service.settings import Settings
from tests.hook_call.calls import SERVICES
from tests.web.good_requests import BODIES, RESTS_ON, answered
from tests.web.spoiling import as_bytes, spoiled


@pytest.fixture(scope="module")
def service() -> FlaskClient:
    return create_app(Settings(deadline_ms=50)).test_client()


UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=UNHURRIED, derandomize=True)
THOROUGH = settings(max_examples=500, deadline=None, suppress_health_check=UNHURRIED)


def check_any_place(service: FlaskClient, name: str, data: st.DataObject) -> None:
    address, good = BODIES[name]
    answered(service, address, data.draw(as_bytes(data.draw(spoiled(good)))))


def check_beside(service: FlaskClient, hook: str, data: st.DataObject) -> None:
    address, good = BODIES[hook]
    body = json.dumps(data.draw(spoiled(good, RESTS_ON))).encode()
    status, told = answered(service, address, body)
    assert status != 200 or told["cards"]


@pytest.mark.parametrize("name", BODIES)
@QUICK
@given(data=st.data())
def test_a_spoiled_request_gets_an_answer_of_ours(service: FlaskClient, name: str, data: st.DataObject) -> None:
    check_any_place(service, name, data)


@pytest.mark.parametrize("hook", SERVICES)
@QUICK
@given(data=st.data())
def test_what_no_rule_rests_on_never_silences_a_low_count(service: FlaskClient, hook: str, data: st.DataObject) -> None:
    check_beside(service, hook, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
@THOROUGH
@given(data=st.data())
def test_however_often_a_request_is_spoiled(service: FlaskClient, name: str, data: st.DataObject) -> None:
    check_any_place(service, name, data)


@pytest.mark.slow
@pytest.mark.parametrize("hook", SERVICES)
@THOROUGH
@given(data=st.data())
def test_however_often_what_is_beside_is_spoiled(service: FlaskClient, hook: str, data: st.DataObject) -> None:
    check_beside(service, hook, data)
