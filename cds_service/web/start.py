"""How a start that is refused reaches gunicorn as one plain line.

gunicorn prints an AppImportError of a worker (with --preload: a RuntimeError) without a traceback and stops; for any
other exception it prints a traceback, and for SystemExit it starts worker after worker (gunicorn/arbiter.py,
spawn_worker and reap_workers; gunicorn/app/base.py, run). A second worker that ends in the same way while it stops
trips it up, and it prints a traceback after all: so they end one at a time, and all but the first in silence.
"""

import os
import signal
import time
from contextlib import suppress
from typing import NoReturn

from gunicorn.errors import AppImportError

from cds_service.errors import CdsError

_UNTIL_STOPPED = 1.0
"""Seconds that a worker gives gunicorn to stop it, in case another one has just refused."""


class NotStarted(CdsError, AppImportError, RuntimeError):  # type: ignore[misc]  # noqa: N818  (gunicorn ships no types)
    """A wrong setting, a mode that cannot run yet, or bad content, as the environment's owner should read it."""

    def __str__(self) -> str:
        return "\n".join(self.messages)


def refuse_to_start(error: CdsError) -> NoReturn:
    """Raises NotStarted; in a worker of gunicorn only in the first that gets here."""
    worker = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if hasattr(worker, "alive"):  # a gunicorn worker's own handler
        _after_the_others(worker)
    raise NotStarted(*error.messages) from error


def _after_the_others(worker: object) -> None:
    """Ends this process in silence if gunicorn is stopping already, or does so in a moment."""
    import fcntl

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if not getattr(worker, "alive", True):
        os._exit(0)
    lock = os.open(__file__, os.O_RDONLY)  # held until this process ends; its siblings open it for themselves
    with suppress(OSError):  # a file system without locks
        fcntl.flock(lock, fcntl.LOCK_EX)
    time.sleep(_UNTIL_STOPPED)
