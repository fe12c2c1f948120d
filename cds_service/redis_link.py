"""The way to Redis, for what several processes share. redis-py is imported only where ``CDS_REDIS_URL`` is set."""

from typing import Any


def open_redis(url: str, seconds: float) -> Any:
    """A client of the Redis at ``url``, which waits so long for a connection and for an answer, and tries once more.

    It connects when used, and again after a fork. The second attempt is for a connection that Redis closed meanwhile,
    by its restart for instance. RESP 2, which every Redis speaks, and those that only speak like Redis.
    """
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    once_more = Retry(NoBackoff(), 1)
    return Redis.from_url(url, socket_timeout=seconds, socket_connect_timeout=seconds, protocol=2, retry=once_more)
