"""Stub servers, for whatever plays the EHR; and a home for feedback that is not the developer's own."""

import os
import tempfile
from collections.abc import Callable, Iterator

import pytest

from tests.stub_server import StubServer

pytest_plugins = ["tests.databases"]


@pytest.fixture(autouse=True, scope="session")
def _state_of_its_own() -> Iterator[None]:
    """Every service of these tests, in whatever process, records what it shows here."""
    before = os.environ.get("XDG_STATE_HOME")
    with tempfile.TemporaryDirectory(prefix="cds-state-", ignore_cleanup_errors=True) as folder:
        os.environ["XDG_STATE_HOME"] = folder
        yield
    if before is None:
        del os.environ["XDG_STATE_HOME"]
    else:
        os.environ["XDG_STATE_HOME"] = before


@pytest.fixture
def stub() -> Iterator[Callable[..., StubServer]]:
    """Makes stub servers, and closes them after the test."""
    made: list[StubServer] = []

    def make(answers: dict[str, tuple[int, object]] | None = None) -> StubServer:
        made.append(StubServer(answers))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def fhir(stub: Callable[..., StubServer]) -> StubServer:
    """A FHIR server with Patient/p1."""
    return stub({"/Patient/p1": (200, {"resourceType": "Patient", "id": "p1"})})
