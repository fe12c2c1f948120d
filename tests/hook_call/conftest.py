"""Two services for these tests, with low limits: one in no hurry, and one whose deadline is soon over."""

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    """Whatever else the machine does, a server that answers at all is heard."""
    return create_app(Settings(deadline_ms=10_000, max_response_bytes=1_000_000, max_pages=5)).test_client()


@pytest.fixture(scope="session")
def hurried() -> FlaskClient:
    return create_app(Settings(deadline_ms=400, max_response_bytes=1_000_000, max_pages=5)).test_client()
