"""Services in production mode, each with a clients' file of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.trust.ehr import HOSPITAL, write_clients


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WEB_CONCURRENCY", "GUNICORN_CMD_ARGS", "CDS_CLIENTS", "CDS_MODE", "CDS_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CDS_AUDIT_KEY", "k" * 32)


@pytest.fixture
def clients_file(tmp_path: Path) -> Path:
    return write_clients(tmp_path / "clients.toml", HOSPITAL)


@pytest.fixture
def service(clients_file: Path) -> FlaskClient:
    """A service that one client may call."""
    return create_app(Settings(mode="production", clients=str(clients_file))).test_client()


@pytest.fixture
def service_for(tmp_path: Path) -> Callable[..., FlaskClient]:
    """Makes a service for clients that differ from the usual one as told."""

    def make(*changes: dict[str, Any], **settings: Any) -> FlaskClient:
        file = write_clients(tmp_path / "clients.toml", *(HOSPITAL | each for each in changes))
        return create_app(Settings(mode="production", clients=str(file), **settings)).test_client()

    return make
