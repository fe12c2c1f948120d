"""A token works once across workers and instances: with a real Redis, started here on a free port."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from cds_service.errors import Unavailable
from cds_service.trust.replay_redis import ReplayInRedis
from tests.in_time import wait_for
from tests.redis_server import RedisServer
from tests.trust.deployed import instance
from tests.trust.ehr import HOSPITAL, PATH, token_for, write_clients

pytestmark = pytest.mark.servers


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server
    server.thaw()
    server.stop()


def test_once_for_all_who_share_it(redis: RedisServer) -> None:
    here, there = ReplayInRedis(redis.url), ReplayInRedis(redis.url)
    ends = time.time() + 60

    assert here.first(b"a", ends)
    assert not here.first(b"a", ends)
    assert not there.first(b"a", ends)
    assert there.first(b"b", ends)


def test_it_is_forgotten_when_it_has_ended(redis: RedisServer) -> None:
    replay = ReplayInRedis(redis.url)

    assert replay.first(b"a", time.time() - 5)  # kept a second at least
    wait_for(lambda: replay.first(b"a", time.time() + 5), 10)


def test_a_redis_that_was_restarted_is_used_again_at_once(redis: RedisServer) -> None:
    replay = ReplayInRedis(redis.url)
    assert replay.first(b"a", time.time() + 60)
    redis.stop()
    with pytest.raises(Unavailable):
        replay.first(b"b", time.time() + 60)
    redis.start()

    assert replay.first(b"b", time.time() + 60)


def test_a_redis_that_hangs_is_given_up_soon(redis: RedisServer) -> None:
    replay = ReplayInRedis(redis.url)
    assert replay.first(b"a", time.time() + 60)
    redis.freeze()
    began = time.monotonic()

    with pytest.raises(Unavailable):
        replay.first(b"b", time.time() + 60)
    assert time.monotonic() - began < 1.5


def test_twenty_posts_at_once_over_two_instances_of_two_workers(redis: RedisServer, tmp_path: Path) -> None:
    clients = write_clients(tmp_path / "clients.toml", HOSPITAL)
    token = token_for()
    with instance(clients, redis.url) as one, instance(clients, redis.url) as other:

        def post(number: int) -> int:
            return requests.post((one, other)[number % 2] + PATH, data=b"{}", headers=token, timeout=10).status_code

        with ThreadPoolExecutor(20) as pool:
            statuses = sorted(pool.map(post, range(20)))
        assert statuses == [400, *[401] * 19]

        redis.stop()
        down = requests.post(one + PATH, data=b"{}", headers=token_for(), timeout=10)
        assert down.status_code == 503
        assert down.json()["resourceType"] == "OperationOutcome"
        redis.start()
        assert requests.post(one + PATH, data=b"{}", headers=token_for(), timeout=10).status_code == 400
