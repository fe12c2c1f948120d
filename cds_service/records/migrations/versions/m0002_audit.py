"""The tables of the audit: a row for each hook call, and one for each of its cards."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("hook", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("milliseconds", sa.Float, nullable=False),
        sa.Column("rules_version", sa.String(64), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("profile", sa.String(16), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("hook_instance_hash", sa.String(64)),
        sa.Column("patient_hash", sa.String(64)),
        sa.Column("user_hash", sa.String(64)),
        sa.Column("problems", sa.JSON, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation"),
    )
    op.create_table(
        "evaluation_card",
        sa.Column("evaluation_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("card_uuid", sa.String(64), nullable=False),
        sa.Column("advice_code", sa.String(64), nullable=False),
        sa.Column("row_id", sa.String(16), nullable=False),
        sa.Column("indicator", sa.String(16), nullable=False),
        sa.Column("evidence_key", sa.String(64), nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("evaluation_id", "position", name="pk_evaluation_card"),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], "fk_evaluation_card_evaluation_id_evaluation", ondelete="CASCADE"
        ),
    )
    for table, columns in (
        ("evaluation", ["at"]),
        ("evaluation", ["hook_instance_hash"]),
        ("evaluation", ["patient_hash", "at"]),
        ("evaluation_card", ["card_uuid"]),
    ):
        op.create_index("_".join(("ix", table, *columns)), table, columns)
    op.add_column("recording_loss", sa.Column("calls", sa.Integer, nullable=False, server_default="0"))
