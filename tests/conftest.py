"""Servers for whatever plays the EHR: stubs with prepared answers, and CDS services that keep the contract or not.

A canary that nothing may reach, a home for feedback that is not the developer's own, and the log's watch.
"""

import faulthandler
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from hypothesis import HealthCheck

from tests.canary import LogWatch
from tests.conform.good_service import Change, GoodService
from tests.fault_server import Canary
from tests.stub_server import StubServer

WATCH = LogWatch()
_SECONDS_TO_END = 30


def pytest_unconfigure() -> None:
    """A thread that nothing ends would hold the run for ever after its last test: tell its stack, and fail."""
    faulthandler.dump_traceback_later(_SECONDS_TO_END, exit=True, file=sys.__stderr__)


def pytest_configure() -> None:
    hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis.settings.load_profile("any machine")  # how long an example takes tells of the machine, too
    logging.getLogger().addHandler(WATCH)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if WATCH.caught:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for place in dict.fromkeys(WATCH.caught):
        terminalreporter.write_line(f"A planted patient value was logged: {place}", red=True)


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
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


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
