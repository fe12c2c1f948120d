"""Used tokens in Redis, for all workers and instances: SET with NX and an expiry (https://redis.io/commands/set/)."""

import logging
from secrets import token_hex
from time import time

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from cds_service.errors import Unavailable

log = logging.getLogger("cds_service.trust")

WAIT_S = 0.25
_PREFIX = "anakinra-cds:token:"
_AWAY = "It cannot be checked now whether this token was used before: nothing was assessed. Send the call again."


class ReplayInRedis:
    """Connects at the first call, and again after a failure or a fork."""

    def __init__(self, url: str) -> None:
        # One retry: a connection that Redis closed meanwhile, after its restart for instance, is opened anew.
        self._redis: Redis = Redis.from_url(
            url, socket_timeout=WAIT_S, socket_connect_timeout=WAIT_S, retry=Retry(NoBackoff(), 1)
        )

    def first(self, used: bytes, ends: float) -> bool:
        """Raises Unavailable where Redis does not answer: a token is never accepted unseen."""
        key, mine = _PREFIX + used.hex(), token_hex(8).encode()
        try:
            if self._redis.set(key, mine, nx=True, ex=max(1, int(ends - time()) + 1)):
                return True
            # The answer to a first attempt may have been lost on its way: then what is there is ours.
            return self._redis.get(key) == mine
        except (RedisError, OSError) as error:
            log.error("Redis does not answer (%s): calls are refused", type(error).__name__)
            raise Unavailable(_AWAY) from None
