"""A service that takes feedback into a file of its own."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.feedback.reports import Rows, Started, recorder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "feedback.sqlite3"


@pytest.fixture
def started(client_with: Started, file: Path) -> Iterator[Started]:
    """A function: a client of a service with its own file; what it recorded is written at the end of the test."""
    clients: list[FlaskClient] = []

    def start(**settings: Any) -> FlaskClient:
        clients.append(client_with(**{"database_url": f"sqlite:///{file}"} | settings))
        return clients[-1]

    yield start
    for each in clients:
        recorder(each).close()


@pytest.fixture
def client(started: Started) -> FlaskClient:
    return started()


@pytest.fixture
def rows(file: Path) -> Rows:
    def read(query: str) -> list[tuple[Any, ...]]:
        return sqlite3.connect(file).execute(query).fetchall()

    return read
