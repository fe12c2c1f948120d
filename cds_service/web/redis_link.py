"""The way to Redis, for what several processes share. redis-py is imported only where ``CDS_REDIS_URL`` is set."""

from typing import Any


def open_redis(url: str, seconds: float) -> Any:
    """A client of the Redis at ``url``, which waits so long for a connection and for an answer; connects when used.

    RESP 2, which every Redis speaks, and those that only speak like Redis.
    """
    from redis import Redis

    return Redis.from_url(url, socket_timeout=seconds, socket_connect_timeout=seconds, protocol=2)
