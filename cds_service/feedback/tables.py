"""The tables: which cards were shown, and what was done with them. Nobody's name: no patient, no user, no hookInstance.

Every instant is UTC. Nothing here is special to SQLite: the same tables stand in PostgreSQL.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# Named by rule, so that a later migration can name what it changes.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcInstant(TypeDecorator[datetime]):
    """An aware datetime, in UTC on the way in and on the way out. SQLite knows no time zones and stores it without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


shown_card = Table(
    "shown_card",
    metadata,
    # A card's uuid comes from the hookInstance: a client that uses one for two services would get it twice.
    Column("service_id", String(64), primary_key=True),
    Column("card_uuid", String(64), primary_key=True),
    Column("hook", String(64), nullable=False),
    Column("advice_code", String(64), nullable=False),
    Column("indicator", String(16), nullable=False),
    Column("suggestions", JSON, nullable=False),  # label by uuid: no report names a label
    Column("shown_at", UtcInstant, nullable=False),
    Index(None, "shown_at"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(64), primary_key=True),  # see store.identity: the same report twice is one row
    Column("service_id", String(64), nullable=False),
    Column("card_uuid", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("outcome_at", UtcInstant, nullable=False),
    Column("received_at", UtcInstant, nullable=False),
    Column("reason_code", String(64)),
    Column("reason_system", String(255)),
    Column("comment", Text),
    Index(None, "service_id", "card_uuid"),
    Index(None, "received_at"),
)

accepted_suggestion = Table(
    "accepted_suggestion",
    metadata,
    Column("feedback_id", ForeignKey(feedback.c.id, ondelete="CASCADE"), primary_key=True),
    Column("suggestion_uuid", String(64), primary_key=True),
)

recording_loss = Table(
    "recording_loss",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("noted_at", UtcInstant, nullable=False),
    Column("cards", Integer, nullable=False),
    Index(None, "noted_at"),
)
"""Cards that were shown and could not be recorded, told once the database was back."""
