"""One service for these tests, with a short deadline."""

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    return create_app(Settings(deadline_ms=400)).test_client()
