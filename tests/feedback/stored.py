"""Two reports, and what the tables hold of them."""

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from cds_service.feedback.entry import Entry, Reason

CANARY = "Canary-Zx9-Patient"
AT = datetime(2026, 11, 22, 8, 0, 0, 365_000, UTC)
ACCEPTED = Entry("c1", "accepted", AT, ("s1", "s2"))
OVERRIDDEN = Entry("c2", "overridden", AT, (), Reason("other", "urn:x"), CANARY)


def rows(engine: Engine, table: object) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(table))]  # type: ignore[call-overload]
