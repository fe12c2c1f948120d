"""Why a card of the audit was not shown. Until here it was silent mode only."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("evaluation_card", sa.Column("withheld", sa.String(32)))
    op.execute("UPDATE evaluation_card SET withheld = 'silent-mode' WHERE NOT shown")
