"""The database of one process, opened when it is first needed.

SQLAlchemy costs a fifth of a second to import: neither the start nor a hook call pays for it.
"""

import os
from threading import Lock
from typing import TYPE_CHECKING

from cds_service.records.location import database_url
from cds_service.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Database:
    """One per application. Opens nothing before ``engine`` is called."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = Lock()
        self._engine: Engine | None = None
        self._process = 0

    def engine(self) -> "Engine":
        """The database with its tables, opened once in each process. Raises DatabaseUnusable, and tries again later."""
        with self._opening:
            if self._engine is None or self._process != os.getpid():
                from cds_service.records.migrate import open_current

                self._engine = open_current(database_url(self._settings))
                self._process = os.getpid()
            return self._engine
