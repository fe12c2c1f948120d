"""Two instances in production mode behind nginx, as deployed, for all tests of a module."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
import requests

from tests.deploy.instance import Instance, instances
from tests.deploy.load import session
from tests.deploy.nginx_server import Nginx, nginx
from tests.postgresql import Postgresql, running
from tests.redis_server import RedisServer
from tests.trust.ehr import HOSPITAL, write_clients


class Site(NamedTuple):
    """What runs."""

    nginx: Nginx
    instances: list[Instance]

    @property
    def url(self) -> str:
        return self.nginx.url


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("settings")
    return {
        "CDS_MODE": "production",
        "CDS_CLIENTS": str(write_clients(folder / "clients.toml", HOSPITAL)),
        "CDS_AUDIT_KEY": "0123456789abcdef0123456789abcdef",
        "CDS_DATABASE_URL": f"sqlite:///{folder / 'records.sqlite3'}",
        "CDS_METRICS": "on",
        "CDS_RATE_PER_MINUTE": "0",
        "CDS_LOG": "json",
        "CDS_DRAIN_MS": "100",
    }


@pytest.fixture(scope="module")
def site(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with (
        instances(folder, settings) as running,
        nginx(folder / "nginx", [each.address for each in running]) as proxy,
    ):
        yield Site(proxy, running)


@pytest.fixture
def over(site: Site) -> Iterator[requests.Session]:
    """One kept connection."""
    with session(site.nginx.certificate) as made:
        yield made
