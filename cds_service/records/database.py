"""Open the database of ``CDS_DATABASE_URL``, and say in one line what is wrong with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import msgspec
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from cds_service.errors import DatabaseUnusable

BUSY_SECONDS = 5
"""How long SQLite waits for another process that is writing."""

_MEMORY = (None, "", ":memory:")
_CHECK = "check CDS_DATABASE_URL"
_SERVER_OPTIONS = "-c statement_timeout=10s -c lock_timeout=5s"
_SERVER = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "keepalives_idle": 10, "options": _SERVER_OPTIONS}
"""How long PostgreSQL is waited for: in seconds to connect, in milliseconds for what was sent to be confirmed."""


def open_engine(url: str) -> Engine:
    """An engine for ``url``; nothing is opened yet. Raises DatabaseUnusable, which never quotes the URL's password."""
    try:
        parsed = _with_driver(make_url(url))
        engine = create_engine(parsed, hide_parameters=True, json_serializer=_json, **_arguments(parsed))
    except (ArgumentError, NoSuchModuleError, ValueError):  # ValueError: a port that is no number
        raise DatabaseUnusable(f"The database URL cannot be read: {_CHECK}, such as sqlite:////folder/file.") from None
    except ImportError as missing:
        raise DatabaseUnusable(f"The database's driver {missing.name} is not installed: {_CHECK}.") from None
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL; None for memory and for every other database."""
    in_a_file = url.get_backend_name() == "sqlite" and url.database not in _MEMORY
    return Path(str(url.database)) if in_a_file else None


def make_folder(engine: Engine) -> None:
    """The folder of a SQLite file, for its owner only. Raises DatabaseUnusable."""
    file = sqlite_file(engine.url)
    if file is not None:
        with told(engine):
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def checkpoint(engine: Engine) -> None:
    """Makes SQLite forget what was deleted: its write-ahead log still holds the pages as they were."""
    if engine.dialect.name == "sqlite":
        with told(engine), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def name_of(url: URL) -> str:
    """A file's path; of any other database neither user nor password."""
    return str(url.database or "in memory") if url.get_backend_name() == "sqlite" else f"{url.host}/{url.database}"


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Whatever the database or its folder refuses within this block is a DatabaseUnusable, in one line."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusable(
            f"The database {name_of(engine.url)} cannot be used ({_why(error)}): {_CHECK}."
        ) from error


def _json(value: Any) -> str:
    """A third of the time of a row goes into JSON otherwise."""
    return msgspec.json.encode(value).decode()


def _with_driver(url: URL) -> URL:
    """psycopg 3 where a URL names no driver: SQLAlchemy would look for its predecessor."""
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _arguments(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True, "connect_args": dict(_SERVER)}
    # The one way to share a database in memory between threads is one connection, lent to one of them at a time.
    memory = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0} if url.database in _MEMORY else {}
    return {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}} | memory


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Readers and one writer side by side; deleted rows are overwritten, as a comment may be about a patient."""
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Changing the mode of a new file, SQLite does not wait for another process that does the same: so we do."""
    ends = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() >= ends:
                raise
            sleep(0.02)
        else:
            return


def _why(error: Exception) -> str:
    """The driver's first line: the next ones may quote values. SQLAlchemy's own words quote the statement."""
    if isinstance(error, DBAPIError):
        return str(error.orig).partition("\n")[0].strip()
    return (error.strerror or "no access") if isinstance(error, OSError) else type(error).__name__
