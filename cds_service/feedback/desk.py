"""The desk of one process: takes feedback in, and notes which cards were shown. Opens nothing before it is needed.

SQLAlchemy costs a fifth of a second to import: neither the start nor a hook call pays for it.
"""

import logging
import os
from collections.abc import Sequence
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from cds_service.errors import DatabaseUnusable, NotStored
from cds_service.feedback.entry import Entry, Saved
from cds_service.feedback.location import database_url
from cds_service.feedback.recorder import Recorder
from cds_service.feedback.shown import Answered, ShownCard
from cds_service.hooks.services import Service
from cds_service.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger("cds_service.feedback")

_NOT_STORED = "The feedback is in order, and could not be stored: keep it and send it again later."


class Desk:
    """One per application; does nothing where ``CDS_FEEDBACK`` is off."""

    def __init__(self, settings: Settings) -> None:
        self.recording = settings.feedback == "on"
        self.recorder = Recorder(self.engine)
        self._settings = settings
        self._opening = Lock()
        self._engine: Engine | None = None
        self._process = 0

    def take(self, service: Service, entries: Sequence[Entry], now: datetime) -> Saved:
        """Stores a batch. Raises NotStored where the database fails."""
        from cds_service.feedback import store

        comments = self._settings.feedback_comments == "on"
        try:
            return store.save(self.engine(), service.id, entries, now, comments=comments)
        except DatabaseUnusable as unusable:
            log.warning("feedback was not stored: %s", unusable.message)
            raise NotStored(_NOT_STORED) from unusable

    def record(self, service: Service, now: datetime, cards: Sequence[ShownCard]) -> None:
        """Notes that these cards are shown. Never waits, never fails."""
        known = [card for card in cards if card.uuid] if self.recording else None
        if known:
            self.recorder.record(Answered(service.id, service.hook, now, known))

    def engine(self) -> "Engine":
        """The database with its tables, opened once in each process. Raises DatabaseUnusable, and tries again later."""
        with self._opening:
            if self._engine is None or self._process != os.getpid():
                from cds_service.feedback.database import create_tables, open_engine

                engine = open_engine(database_url(self._settings))
                create_tables(engine)
                self._engine, self._process = engine, os.getpid()
            return self._engine
