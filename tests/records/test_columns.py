"""Instants in the database are UTC, whatever the zone they came in."""

from datetime import timedelta, timezone

from sqlalchemy.dialects import postgresql

from cds_service.records.columns import UtcInstant
from tests.databases import NOW


def test_an_instant_that_is_absent_stays_absent() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    column = UtcInstant()
    assert column.process_bind_param(None, dialect) is None
    assert column.process_result_value(None, dialect) is None
    assert column.process_bind_param(NOW.astimezone(timezone(timedelta(hours=1))), dialect) == NOW
    assert column.process_result_value(NOW.astimezone(timezone(timedelta(hours=1))), dialect) == NOW
