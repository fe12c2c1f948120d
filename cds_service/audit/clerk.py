"""The clerk of one process: notes every hook call, off its path, and forgets what is older than the site wants it.

Neither the start nor a hook call imports SQLAlchemy: the thread that writes does.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cds_service.audit.account import Account, Call, account_of, account_of_refusal
from cds_service.audit.keyed import Keyed
from cds_service.audit.recall import Recall
from cds_service.audit.review import account_of_review
from cds_service.errors import CdsError, SettingsError
from cds_service.feedback.kept import KeptCard, kept_cards
from cds_service.hook_call import Reply
from cds_service.patient import Patient
from cds_service.records.opened import Database
from cds_service.records.recorder import Lost, Recorder
from cds_service.site import Site

if TYPE_CHECKING:
    from cds_service.audit.write import Writer


NEEDED = "CDS_AUDIT=off is for a sandbox: production keeps a row of each hook call."


class Clerk:
    """One per application; does nothing where both ``CDS_AUDIT`` and ``CDS_FEEDBACK`` are off.

    Raises SettingsError in production without an audit, or without its key.
    """

    def __init__(self, site: Site, database: Database) -> None:
        if site.settings.audit == "off" and not site.settings.sandbox:
            raise SettingsError(NEEDED)
        self.keyed = Keyed.of(site.settings)
        self.recall = Recall(self.keyed, database)
        self.recorder: Recorder[Account] = Recorder(self._save, self._tidy)
        self._site = site
        self._database = database
        self._auditing = site.settings.audit == "on"
        self._recording = self._auditing or site.settings.feedback == "on"

    def answered(self, call: Call, reply: Reply) -> list[KeptCard]:
        """Notes a 200, and tells its cards in short, those too that did not leave.

        Never waits for a database, never fails for one.
        """
        cards = kept_cards(reply.cards, reply.withheld)
        if self._recording:
            self._note(lambda: account_of(call, reply, cards))
        return cards

    def reviewed(self, call: Call, patient: Patient, report: Mapping[str, Any]) -> None:
        """Notes a record that was judged for a reviewer."""
        if self._auditing:
            self._note(lambda: account_of_review(call, patient, report))

    def refused(self, call: Call, error: CdsError) -> None:
        """Notes any other status."""
        if self._auditing:
            self._note(lambda: account_of_refusal(call, error))

    def _note(self, account: Callable[[], Account]) -> None:
        try:
            self.recorder.record(account())
        except Exception as fault:  # noqa: BLE001  an answer is worth more than its record; the loss is counted
            self.recorder.miss(type(fault).__name__)

    @cached_property
    def _writer(self) -> "Writer":
        from cds_service.audit.write import Kept, Versions, Writer

        if self._auditing:
            self.keyed.warn()
        library, settings = self._site.library, self._site.settings
        versions = Versions(library.version, library.content_hash)
        return Writer(versions, self.keyed, Kept(settings.feedback == "on", self._auditing))

    def _save(self, accounts: Sequence[Account], lost: Lost, now: datetime) -> None:
        self._writer.save(self._database.engine(), accounts, lost, now)

    def _tidy(self, now: datetime) -> None:
        days = self._site.settings.retention_days
        if days:
            from cds_service.audit import write
            from cds_service.feedback import store

            before = now - timedelta(days=days)
            write.purge(self._database.engine(), before)
            store.purge(self._database.engine(), before)
