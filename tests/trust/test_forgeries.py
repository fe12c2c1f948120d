"""Every way to get in that is not a good token is answered alike, byte for byte: a bare 401."""

import logging

import pytest
from flask.testing import FlaskClient

from cds_service.web.headers import EVERYWHERE
from tests.trust.ehr import PATH
from tests.trust.forgeries import FORGERIES

BARE = (
    401,
    b'{"resourceType":"OperationOutcome","issue":'
    b'[{"severity":"error","code":"login","diagnostics":"Authentication is required."}]}',
    [
        ("WWW-Authenticate", "Bearer"),
        ("Cache-Control", "no-store"),
        ("Content-Type", "application/fhir+json"),
        ("Content-Length", "125"),
        *EVERYWHERE,
    ],
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    from cds_service import create_app
    from cds_service.settings import Settings
    from tests.trust.ehr import HOSPITAL, write_clients

    file = write_clients(tmp_path_factory.mktemp("clients") / "clients.toml", HOSPITAL)
    return create_app(Settings(mode="production", clients=str(file), audit_key="k" * 32)).test_client()


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_refused_without_a_hint(
    guarded: FlaskClient, forgery: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="cds_service.trust")

    answer = guarded.post(PATH, data=b"{}", headers=FORGERIES[forgery]())

    assert (answer.status_code, answer.data, list(answer.headers)) == BARE
    assert caplog.messages == [f"a call was refused: status=401 reason={forgery.partition(': ')[0]}"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cds-services"),
        ("POST", PATH),
        ("POST", f"{PATH}/feedback"),
        ("POST", "/cds-services/no-such-service"),
        ("GET", PATH),
        ("GET", "/no-such-page"),
        ("POST", "/causality"),
    ],
)
def test_every_address_but_the_open_ones_asks_for_a_token_first(guarded: FlaskClient, method: str, path: str) -> None:
    answer = guarded.open(path, method=method, data=b"not even JSON")

    assert (answer.status_code, answer.data, list(answer.headers)) == BARE


OPEN = ["/health/live", "/health/ready", "/schemas", "/openapi.json", "/about", "/decision-table", "/fhir/ValueSet"]


@pytest.mark.parametrize("path", OPEN)
def test_what_tells_nothing_of_patients_is_open(guarded: FlaskClient, path: str) -> None:
    assert guarded.get(path).status_code == 200


def test_a_preflight_needs_no_token(guarded: FlaskClient) -> None:
    answer = guarded.options(PATH)

    assert answer.status_code == 200
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
