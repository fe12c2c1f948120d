"""One HAPI server for the session, with all patient stories on it."""

from collections.abc import Iterator

import pytest

from tests.servers.hapi_server import hapi_server
from tests.stories.conftest import Loaded, client_for, load_all

__all__ = ["client_for"]


@pytest.fixture(scope="session")
def hapi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    with hapi_server(tmp_path_factory.mktemp("hapi")) as base:
        yield load_all(base)
