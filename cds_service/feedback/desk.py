"""The desk of one process: takes feedback in. Opens nothing before it is needed."""

import logging
from collections.abc import Sequence
from datetime import datetime

from cds_service.errors import DatabaseUnusable, NotStored
from cds_service.feedback.entry import Entry, Saved
from cds_service.hooks.services import Service
from cds_service.records.bounded import Bounded
from cds_service.records.opened import Database
from cds_service.settings import Settings

log = logging.getLogger("cds_service.feedback")

MOST_AT_ONCE = 3
"""Fewer than a worker has threads: a database that hangs must leave some for hook calls."""
SECONDS = 4.0
PATIENCE = 1.0

_NOT_STORED = "The feedback is in order, and could not be stored: keep it and send it again later."


class Desk:
    """One per application."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.open = settings.feedback == "on"
        self._comments = settings.feedback_comments == "on"
        self._database = database
        self._waiting = Bounded(MOST_AT_ONCE, SECONDS, PATIENCE)

    def take(self, service: Service, entries: Sequence[Entry], now: datetime) -> Saved:
        """Stores a batch. Raises NotStored where the database fails or hangs."""

        def save() -> Saved:
            from cds_service.feedback import store

            return store.save(self._database.engine(), service.id, entries, now, comments=self._comments)

        try:
            return self._waiting.run(save)
        except DatabaseUnusable as unusable:
            log.warning("feedback was not stored: %s", unusable.message)
            raise NotStored(_NOT_STORED) from unusable
