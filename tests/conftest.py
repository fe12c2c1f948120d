"""Stub servers, for whatever plays the EHR, and a canary that nothing may reach."""

from collections.abc import Callable, Iterator

import pytest

from tests.fault_server import Canary
from tests.stub_server import StubServer


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
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture
def fhir(stub: Callable[..., StubServer]) -> StubServer:
    """A FHIR server with Patient/p1."""
    return stub({"/Patient/p1": (200, {"resourceType": "Patient", "id": "p1"})})
