"""What must not start: settings that would let in whom they should not, or forget who was there. One line each."""

import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cds_service.audit.clerk import NEEDED
from cds_service.audit.keyed import NO_KEY
from cds_service.errors import SettingsError
from cds_service.settings import Settings

_WORKERS = re.compile(r"(?:--workers=|-w)(\d+)")

NO_CLIENTS = (
    "CDS_MODE=production cannot start: it needs configured clients. Set CDS_CLIENTS to the file that names them "
    "(docs/clients.md; cds-service clients check tells what is wrong with one)."
)
SANDBOX_PUBLIC = "CDS_SANDBOX_PUBLIC is for CDS_MODE=sandbox only: unset it."
CLIENTS_IN_SANDBOX = (
    "CDS_CLIENTS is set, but CDS_MODE=sandbox authenticates nobody: set CDS_MODE=production, or unset CDS_CLIENTS."
)


def require_startable(settings: Settings) -> None:
    """Refuse settings that contradict one another. Raises SettingsError with a line for each."""
    if refusals := list(refusals_of(settings)):
        raise SettingsError(*refusals)


def refusals_of(settings: Settings) -> Iterator[str]:
    """One line for each thing that prevents the start, with its fix. What the clients' file holds is not looked at."""
    if settings.sandbox:
        if settings.clients:
            yield CLIENTS_IN_SANDBOX
        return
    if not settings.clients:
        yield NO_CLIENTS
    if settings.sandbox_public:
        yield SANDBOX_PUBLIC
    if settings.audit == "off":
        yield NEEDED
    elif not settings.audit_key.get_secret_value():
        yield NO_KEY
    workers = settings.workers or planned_workers()
    if not settings.redis_url and (workers > 1 or settings.instances > 1):
        many = f"{workers} workers" if workers > 1 else f"{settings.instances} instances"
        yield f"{many} cannot share which tokens were used: set CDS_REDIS_URL, or run one worker and one instance."
    if settings.instances > 1 and not settings.database_url.startswith("postgresql"):
        yield f"{settings.instances} instances cannot share a SQLite file: set CDS_DATABASE_URL to a PostgreSQL one."


def planned_workers() -> int:
    """How many workers gunicorn was told to start: on its command line, in GUNICORN_CMD_ARGS, or by WEB_CONCURRENCY.

    What its configuration file says is not seen here; then ``CDS_WORKERS`` tells it, and a call that comes to one of
    several processes is refused in any case (``Gate.admit``).
    """
    typed = sys.argv[1:] if "gunicorn" in sys.argv[0] else []
    for words in (typed, _words(os.environ.get("GUNICORN_CMD_ARGS", ""))):
        if found := _option(words):
            return found
    named = os.environ.get("WEB_CONCURRENCY", "")
    return int(named) if named.isdecimal() and int(named) else 1


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote that is not closed: gunicorn will not start with it either
        return line.split()


def _option(words: Sequence[str]) -> int:
    """The last ``--workers 2``, ``--workers=2``, ``-w 2`` or ``-w2``; 0 without one."""
    found = 0
    for word, following in pairwise([*words, ""]):
        if word in ("-w", "--workers") and following.isdecimal():
            found = int(following)
        elif glued := _WORKERS.fullmatch(word):
            found = int(glued[1])
    return found
