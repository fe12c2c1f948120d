"""Services that are started in a test, and closed after it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.web.audit.calls import KEY, Started


@pytest.fixture
def started(file_url: str) -> Iterator[Started]:
    """A function: a client of a service that records in a file, or elsewhere; closed after the test."""
    apps: list[Flask] = []

    def start(**settings: Any) -> FlaskClient:
        given = {"database_url": file_url, "audit_key": KEY, "deadline_ms": 400} | settings
        apps.append(create_app(Settings(**given)))
        return apps[-1].test_client()

    yield start
    for app in apps:
        app.extensions["clerk"].recorder.close(0.1)
