"""Let a call in, or refuse it: the whole of authentication, in order."""

from pathlib import Path
from time import time

from cds_service.errors import Unauthorized, Unavailable
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.trust.clients import Client
from cds_service.trust.replay import Replay, ReplayHere, used_of
from cds_service.trust.roster import Roster
from cds_service.trust.token import read_token
from cds_service.trust.verify import LEEWAY_S, verify

_ONE_PROCESS = "Used tokens are remembered in one process only, and there are several: set CDS_REDIS_URL."


class Gate:
    """One per application, in production. Raises SettingsError if the clients' file is wrong."""

    def __init__(self, settings: Settings, site: Site) -> None:
        self.roster = Roster(Path(settings.clients), site)
        self._shared = bool(settings.redis_url)
        self._replay = _replay(settings.redis_url)

    def admit(self, authorization: str, path: str, *, several_processes: bool = False) -> Client:
        """The client that may make this call.

        ``authorization`` is the header as sent ("" for none), ``path`` the path as called, without its query.
        Raises Unauthorized, and Unavailable where it cannot be known whether the token was used before.
        """
        token = read_token(authorization)
        client = self.roster.client_of(token)
        accepted = verify(token, client, client.url_base + path, time())
        if several_processes and not self._shared:
            raise Unavailable(_ONE_PROCESS)
        if not self._replay.first(used_of(client.issuer, accepted.jti), accepted.ends + LEEWAY_S):
            raise Unauthorized("replayed")
        return client


def _replay(redis_url: str) -> Replay:
    if not redis_url:
        return ReplayHere()
    from cds_service.trust.replay_redis import ReplayInRedis

    return ReplayInRedis(redis_url)
