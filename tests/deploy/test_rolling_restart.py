"""A rolling restart under load, on the servers a site runs: nginx, two gunicorns, PostgreSQL, Redis. Nobody notices."""

import json
import signal
import time
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from cds_service.audit.tables import evaluation
from cds_service.records.database import open_engine
from cds_service.records.migrate import upgrade
from tests.deploy.conftest import Site
from tests.deploy.instance import Instance
from tests.deploy.load import RIGHT, steady
from tests.in_time import wait_for
from tests.postgresql import Postgresql
from tests.redis_server import RedisServer

pytestmark = pytest.mark.servers
LATEST = 1.5 + 3.0
"""Seconds: the deadline of a hook call, and the start of a worker on two cores that others use too."""
THREADS = 8
NOTHING = "The service does not answer: nothing was assessed."


@pytest.fixture(scope="module")
def settings(settings: dict[str, str], postgresql: Postgresql, redis: RedisServer) -> dict[str, str]:
    """What two instances need to share; otherwise the shipped values."""
    database = postgresql.new_database()
    upgrade(open_engine(database))
    shared = {"CDS_DATABASE_URL": database, "CDS_REDIS_URL": redis.url, "CDS_INSTANCES": "2", "WEB_CONCURRENCY": "2"}
    del settings["CDS_DRAIN_MS"]
    return settings | shared


def rows(settings: dict[str, str]) -> tuple[int, int]:
    """Of the audit; and how many hook calls they are about."""
    engine = open_engine(settings["CDS_DATABASE_URL"])
    count = select(func.count(), func.count(evaluation.c.hook_instance_hash.distinct())).select_from(evaluation)
    with engine.connect() as connection:
        all_, different = connection.execute(count).one()
    engine.dispose()
    return all_, different


def recorded(settings: dict[str, str], calls: int) -> None:
    """Waits for the thread that writes; then one row for each call."""
    with suppress(AssertionError):
        wait_for(lambda: rows(settings)[0] >= calls, 10)
    assert rows(settings) == (calls, calls)


def shares(site: Site) -> dict[str, int]:
    """How many calls each instance answered, by the access log."""
    lines = map(json.loads, site.nginx.access.read_text().splitlines())
    answered = Counter(line["instance"].rpartition(", ")[2] for line in lines if line["status"] == 200)
    return {each.address: answered[each.address] for each in site.instances}


def restart(instance: Instance) -> None:
    assert instance.end() == 0
    instance.start()


def reload(instance: Instance) -> None:
    old = instance.workers()
    instance.signal(signal.SIGHUP)
    wait_for(lambda: not instance.workers() & old, 30)
    instance.wait_until_ready()


def test_a_rolling_restart_without_a_failed_call(site: Site, settings: dict[str, str]) -> None:
    before = rows(settings)[0]
    with steady(site.url, site.nginx.certificate, THREADS) as end:
        time.sleep(1)
        restart(site.instances[0])
        time.sleep(1)
        reload(site.instances[1])
        time.sleep(1)
        restart(site.instances[1])
        came = end()

    assert [each for each in came if (each.status, each.said) != (200, RIGHT)] == []
    assert max(each.seconds for each in came) < LATEST
    assert len(came) > 300
    assert min(shares(site).values()) > 100
    recorded(settings, before + len(came))


def test_an_instance_that_dies_takes_only_the_calls_it_had(site: Site, settings: dict[str, str]) -> None:
    with steady(site.url, site.nginx.certificate, THREADS) as end:
        time.sleep(1)
        killed = time.monotonic()
        site.instances[0].kill()
        time.sleep(2)
        came = end()
    site.instances[0].start()

    failed = [each for each in came if (each.status, each.said) != (200, RIGHT)]
    assert len(failed) <= THREADS
    for each in failed:
        assert each.at < killed + 0.5
        # Said plainly; or an answer that breaks off, where its beginning was sent already.
        assert (each.status, NOTHING in each.said) == (502, True) or "Connection broken" in each.said
    assert max(each.seconds for each in came) < LATEST
