"""How a start that is refused reaches gunicorn as one plain line.

gunicorn prints an AppImportError of a worker (with --preload: a RuntimeError) without a traceback and stops; for any
other exception it prints a traceback, and for SystemExit it starts worker after worker (gunicorn/arbiter.py,
spawn_worker and reap_workers; gunicorn/app/base.py, run).
"""

from gunicorn.errors import AppImportError

from cds_service.errors import CdsError


class NotStarted(CdsError, AppImportError, RuntimeError):  # type: ignore[misc]  # noqa: N818  (gunicorn ships no types)
    """A wrong setting, a mode that cannot run yet, or bad content, as the environment's owner should read it."""
