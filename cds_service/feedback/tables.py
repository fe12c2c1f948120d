"""The tables: which cards were shown, and what was done with them. Nobody's name: no patient, no user, no hookInstance.

A change here needs a step in ``cds_service/records/migrations/versions``.
"""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from cds_service.records.columns import UtcInstant, metadata

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
    Column("calls", Integer, nullable=False, server_default="0"),
    Index(None, "noted_at"),
)
"""Hook calls, and the cards they showed, that could not be recorded: told once the database was back."""
