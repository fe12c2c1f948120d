"""Used tokens in Redis, for all workers and instances: SET with NX and an expiry (https://redis.io/commands/set/)."""

import logging
from secrets import token_hex
from time import time

from redis import RedisError

from cds_service.errors import Unavailable
from cds_service.redis_link import open_redis

log = logging.getLogger("cds_service.trust")

WAIT_S = 0.25
_PREFIX = "anakinra-cds:token:"
_AWAY = "It cannot be checked now whether this token was used before: nothing was assessed. Send the call again."


class ReplayInRedis:
    """For one process; the Redis is everybody's."""

    def __init__(self, url: str) -> None:
        self._redis = open_redis(url, WAIT_S)

    def first(self, used: bytes, ends: float) -> bool:
        """Raises Unavailable where Redis does not answer: a token is never accepted unseen."""
        key, mine = _PREFIX + used.hex(), token_hex(8).encode()
        try:
            if self._redis.set(key, mine, nx=True, ex=max(1, int(ends - time()) + 1)):
                return True
            # The answer to a first attempt may have been lost on its way: then what is there is ours.
            return bool(self._redis.get(key) == mine)
        except (RedisError, OSError) as error:
            log.error("Redis does not answer (%s): calls are refused", type(error).__name__)
            raise Unavailable(_AWAY) from None
