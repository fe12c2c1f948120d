"""The service under each profile, and the stories on an EHR's server: in memory, on loopback, and a real one."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient

from cds_service import create_app, stories
from cds_service.cli.load import load_stories
from cds_service.cli.sandbox_server import fhir_server
from cds_service.ehr.client import place
from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore
from cds_service.settings import Settings

SMALL_PAGES = 3


class Loaded(NamedTuple):
    """All stories on one server, moved to ``now``; ``base`` is the server's URL."""

    base: str
    now: datetime
    stories: dict[str, stories.Story]


@pytest.fixture(scope="session")
def client_for() -> Callable[[str], FlaskClient]:
    """A function: a client of the service under a profile. A real server on a busy machine may take its time."""
    return cache(lambda profile: create_app(Settings(profile=profile, deadline_ms=20_000)).test_client())


@pytest.fixture(scope="session")
def loopback() -> Iterator[Loaded]:
    """All stories on one FHIR server in memory, which gives three resources a page."""
    now = _this_morning()
    moved = {each.name: stories.shifted(each, now) for each in stories.read_all()}
    everything = [resource for story in moved.values() for resource in story.resources]
    with serving(FhirStore(everything, page_size=SMALL_PAGES)) as base:
        yield Loaded(base, now, moved)


@pytest.fixture(scope="session")
def real_server() -> Iterator[Loaded]:
    """All stories on one real FHIR R4 server, started once for the session."""
    with fhir_server() as base:
        yield load_all(base)


def load_all(base: str) -> Loaded:
    """Puts every story on the FHIR server at ``base``, as ``cds-service load`` does."""
    now = _this_morning()
    loaded = load_stories(place("--fhir", base), stories.names(), now)
    return Loaded(base, now, {each.name: each for each in loaded})


def _this_morning() -> datetime:
    """The stories' time of day on the day of the test run, so that every date moves by whole days."""
    first = stories.read(stories.names()[0])
    return stories.same_time_of_day(first, datetime.now(UTC).date())
