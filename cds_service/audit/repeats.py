"""When the same advice was last shown to the same user, on the same evidence; and when a report last overrode it.

For fewer repeats of a card. Whoever asks must show the card where the answer is None: nothing is known then.
"""

from collections.abc import Mapping, Sequence

from cds_service.audit.earlier import Advice, Earlier, Span
from cds_service.records.bounded import Bounded
from cds_service.records.opened import Database

MOST_AT_ONCE = 4
SECONDS = 0.05


class Repeats:
    """One per application. Waits so many seconds for the database, and no longer."""

    def __init__(self, database: Database, seconds: float | None = None) -> None:
        self._database = database
        self._waiting = Bounded(MOST_AT_ONCE, SECONDS if seconds is None else seconds)

    def earlier(
        self, patient_hash: str, user_hash: str, advice: Sequence[Advice], span: Span
    ) -> Mapping[Advice, Earlier] | None:
        """What is known of each, of calls in this span; None where the database does not answer in time.

        Never raises for it. A call that is being recorded this moment may not be among what is known yet.
        """

        def ask() -> Mapping[Advice, Earlier]:
            from cds_service.audit.repeats_query import earlier

            return earlier(self._database.engine(), patient_hash, user_hash, advice, span)

        try:
            return self._waiting.run(ask)
        except Exception:  # noqa: BLE001  whatever ails the store, a card that is shown twice is the lesser evil
            return None
