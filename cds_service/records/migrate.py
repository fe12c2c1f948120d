"""Bring a database's schema up to date, and open it once it is.

Alembic is imported only where there is something to do: opening a database that is up to date costs one query.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, inspect, text

from cds_service.errors import DatabaseUnusable
from cds_service.records.database import make_folder, name_of, open_engine, sqlite_file, told

LATEST = "0003"
"""The last step in ``migrations/versions``."""

_STEPS = Path(__file__).parent / "migrations"
_FIRST_TABLE = "feedback"
_ONE_AT_A_TIME = Lock()  # Alembic knows one database for a whole process: two threads would mix theirs up
_LOCK = 0x616E61  # any number that no other program on the same database locks by


def open_current(url: str) -> Engine:
    """The database with this version's tables. Raises DatabaseUnusable.

    A SQLite database is created and brought up to date on the way; a server's schema is its owner's to change.
    """
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        make_folder(engine)
        upgrade(engine)
        return engine
    with told(engine), engine.connect() as connection:
        found = revision_of(connection)
    if found != LATEST:
        raise DatabaseUnusable(_wrong_step(engine, found))
    return engine


def open_existing(url: str) -> Engine | None:
    """The database at ``url`` if anything was ever recorded there, else None; creates nothing. Raises DatabaseUnusable.

    A SQLite file of an earlier version is brought up to date.
    """
    engine = open_engine(url)
    file = sqlite_file(engine.url)
    with told(engine):
        if file is not None and not file.exists():
            return None
        with engine.connect() as connection:
            used = inspect(connection).has_table(_FIRST_TABLE)
    return open_current(url) if used else None


def revision_of(connection: Connection) -> str:
    """The last step the database went through; "" before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def upgrade(engine: Engine) -> str:
    """Takes the steps that are missing, all or none of them, however many processes ask at once.

    Answers the step it found, "" for a new database. Raises DatabaseUnusable.
    """
    with told(engine), _alone(engine) as connection:
        found = revision_of(connection)
        if found > LATEST:
            raise DatabaseUnusable(_wrong_step(engine, found))
        if found != LATEST:
            _take_steps(connection)
        return found


def _take_steps(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


def _wrong_step(engine: Engine, found: str) -> str:
    name = name_of(engine.url)
    if found > LATEST:
        return f"The database {name} belongs to a later version (step {found}, here {LATEST}): run that version."
    return f"The database {name} is at step {found or 'none'} of {LATEST}: run cds-service database upgrade."


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction, while every other process that comes here waits."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
        return
    # Python's driver begins a transaction only before it writes: too late to look first and then write.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
