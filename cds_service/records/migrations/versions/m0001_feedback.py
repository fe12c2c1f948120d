"""The tables of feedback. A database of the time before migrations has them already, and keeps what is in them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "shown_card",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("card_uuid", sa.String(64), nullable=False),
        sa.Column("hook", sa.String(64), nullable=False),
        sa.Column("advice_code", sa.String(64), nullable=False),
        sa.Column("indicator", sa.String(16), nullable=False),
        sa.Column("suggestions", sa.JSON, nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "card_uuid", name="pk_shown_card"),
        if_not_exists=True,
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("card_uuid", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_code", sa.String(64)),
        sa.Column("reason_system", sa.String(255)),
        sa.Column("comment", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        if_not_exists=True,
    )
    op.create_table(
        "accepted_suggestion",
        sa.Column("feedback_id", sa.String(64), nullable=False),
        sa.Column("suggestion_uuid", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("feedback_id", "suggestion_uuid", name="pk_accepted_suggestion"),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], "fk_accepted_suggestion_feedback_id_feedback", ondelete="CASCADE"
        ),
        if_not_exists=True,
    )
    op.create_table(
        "recording_loss",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cards", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recording_loss"),
        if_not_exists=True,
    )
    for table, columns in (
        ("shown_card", ["shown_at"]),
        ("feedback", ["service_id", "card_uuid"]),
        ("feedback", ["received_at"]),
        ("recording_loss", ["noted_at"]),
    ):
        op.create_index("_".join(("ix", table, *columns)), table, columns, if_not_exists=True)
