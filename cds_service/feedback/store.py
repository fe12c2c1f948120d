"""Write to the database: reports, and the cards that were shown; and forget what is old.

Each call is one transaction. Everything here raises DatabaseUnusable.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from cds_service.feedback.entry import Entry, Saved
from cds_service.feedback.kept import Answered
from cds_service.feedback.tables import accepted_suggestion, feedback, recording_loss, shown_card
from cds_service.records.database import checkpoint, told

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def identity(service_id: str, entry: Entry) -> str:
    """The same for the same click, whenever and through whichever worker it is reported again."""
    parts = (service_id, entry.card, entry.outcome, entry.at.isoformat(), *sorted(entry.suggestions))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def save(engine: Engine, service_id: str, entries: Sequence[Entry], received: datetime, *, comments: bool) -> Saved:
    """Stores the reports that are new, all or none of them; the comments only if ``comments``."""
    rows = [_row(service_id, entry, received, comments=comments) for entry in entries]
    accepted = [
        _accepted(row["id"], each) for row, entry in zip(rows, entries, strict=True) for each in entry.suggestions
    ]
    with told(engine), engine.begin() as connection:
        stored = _insert_new(connection, feedback, rows)
        _insert_new(connection, accepted_suggestion, accepted)
    return Saved(stored, len(entries) - stored)


def insert_shown(connection: Connection, answers: Iterable[Answered]) -> None:
    """Records the cards. One that was recorded before (a hook call that was repeated) stays as it was."""
    rows = [
        {
            "service_id": answered.service_id,
            "hook": answered.hook,
            "card_uuid": card.uuid,
            "advice_code": card.code,
            "indicator": card.indicator,
            "suggestions": dict(card.suggestions),
            "shown_at": answered.at,
        }
        for answered in answers
        for card in answered.cards
        if card.uuid
    ]
    if rows:
        connection.execute(inserting(connection, shown_card), rows)


class Old(NamedTuple):
    """What lies before a date."""

    shown: int
    reports: int


def count_before(engine: Engine, before: datetime) -> Old:
    """How much ``purge`` would delete."""
    with told(engine), engine.connect() as connection:
        counts = (
            connection.scalar(select(func.count()).select_from(table).where(column < before))
            for table, column in ((shown_card, shown_card.c.shown_at), (feedback, feedback.c.received_at))
        )
        return Old(*(int(count or 0) for count in counts))


def purge(engine: Engine, before: datetime) -> None:
    """Deletes every card shown, and every report received, before the instant."""
    old = feedback.c.received_at < before
    with told(engine), engine.begin() as connection:
        of_old = accepted_suggestion.c.feedback_id.in_(select(feedback.c.id).where(old))
        connection.execute(delete(accepted_suggestion).where(of_old))
        connection.execute(delete(feedback).where(old))
        connection.execute(delete(shown_card).where(shown_card.c.shown_at < before))
        connection.execute(delete(recording_loss).where(recording_loss.c.noted_at < before))
    checkpoint(engine)


def _row(service_id: str, entry: Entry, received: datetime, *, comments: bool) -> dict[str, Any]:
    return {
        "id": identity(service_id, entry),
        "service_id": service_id,
        "card_uuid": entry.card,
        "outcome": entry.outcome,
        "outcome_at": entry.at,
        "received_at": received,
        "reason_code": entry.reason.code if entry.reason else None,
        "reason_system": entry.reason.system if entry.reason else None,
        "comment": (entry.comment or None) if comments else None,
    }


def _accepted(feedback_id: str, suggestion: str) -> dict[str, Any]:
    return {"feedback_id": feedback_id, "suggestion_uuid": suggestion}


def _insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """How many of the rows were new. One statement for all: row by row, the longest batch would always be late."""
    if not rows:
        return 0
    # Without the option, SQLAlchemy forgets the count where a driver tells it after the statement (psycopg).
    kept = {"preserve_rowcount": True}
    return connection.execute(inserting(connection, table), rows, execution_options=kept).rowcount


def inserting(connection: Connection, table: Table) -> Any:
    """INSERT ... ON CONFLICT DO NOTHING, which both databases know, each under its own name in SQLAlchemy."""
    return _INSERTS[connection.dialect.name](table).on_conflict_do_nothing()
