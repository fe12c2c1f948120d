"""Servers for whatever plays the EHR: stubs with prepared answers, and CDS services that keep the contract or not."""

from collections.abc import Callable, Iterator

import pytest

from tests.conform.good_service import Change, GoodService
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
def fhir(stub: Callable[..., StubServer]) -> StubServer:
    """A FHIR server with Patient/p1."""
    return stub({"/Patient/p1": (200, {"resourceType": "Patient", "id": "p1"})})


@pytest.fixture
def serve() -> Iterator[Callable[..., GoodService]]:
    """Makes good services, broken as told, and closes them after the test."""
    made: list[GoodService] = []

    def make(change: Change | None = None, token: str = "") -> GoodService:
        made.append(GoodService(change, token))
        return made[-1]

    yield make
    for each in made:
        each.close()
