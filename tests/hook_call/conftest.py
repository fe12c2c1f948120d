"""One service for these tests, with a short deadline and low limits."""

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    return create_app(Settings(deadline_ms=400, max_response_bytes=1_000_000, max_pages=5)).test_client()
