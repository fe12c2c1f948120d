"""The tables: a row for each hook call, and one for each of its cards. ``docs/audit.md`` says what each column means.

A change here needs a step in ``cds_service/records/migrations/versions``.
"""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from cds_service.records.columns import UtcInstant, metadata

evaluation = Table(
    "evaluation",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("client", String(64), nullable=False),
    Column("service_id", String(64), nullable=False),
    Column("hook", String(64), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("status", Integer, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Column("rules_version", String(64), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("profile", String(16), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("hook_instance_hash", String(64)),  # none of the three in a call that could not be read
    Column("patient_hash", String(64)),
    Column("user_hash", String(64)),
    Column("problems", JSON, nullable=False),  # of a refusal: its kind, then the fields
    Column("rules", JSON, nullable=False),  # [{rule, about, answer, why}]
    Column("data", JSON, nullable=False),  # {prefetch key: {state, extent, why, milliseconds}}
    Column("inputs", JSON, nullable=False),  # [[resource, day or null]]
    Index(None, "at"),
    Index(None, "hook_instance_hash"),
    Index(None, "patient_hash", "at"),
)

evaluation_card = Table(
    "evaluation_card",
    metadata,
    Column("evaluation_id", ForeignKey(evaluation.c.id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("card_uuid", String(64), nullable=False),
    Column("advice_code", String(64), nullable=False),
    Column("row_id", String(16), nullable=False),
    Column("indicator", String(16), nullable=False),
    Column("evidence_key", String(64), nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("withheld", String(32)),  # why it was not shown; none of a card that was
    Index(None, "card_uuid"),
)
