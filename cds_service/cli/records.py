"""What the commands about records share: dates, and the database they read."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import click

from cds_service.ehr.problems import CannotStart
from cds_service.feedback.instants import instant
from cds_service.records.location import database_url
from cds_service.settings import load

if TYPE_CHECKING:
    from sqlalchemy import Engine

DATABASE_HELP = "The database, as CDS_DATABASE_URL names it [default: that setting, else your own file]."


def moment(text: str) -> datetime:
    """A date (it begins at 00:00 UTC) or an RFC 3339 instant, as an aware datetime."""
    for read in (date.fromisoformat, instant):
        with suppress(ValueError):
            found = read(text)
            return found if isinstance(found, datetime) else datetime.combine(found, time(), UTC)
    raise click.BadParameter("write 2026-11-22, or 2026-11-22T08:00:00Z.")


def purge_options(command: "Callable[..., None]") -> "Callable[..., None]":
    """The options of a command that deletes: ``before``, ``database``, ``yes``."""
    before = click.option(
        "--before", type=moment, required=True, metavar="DATE", help="What was recorded before it (UTC)."
    )
    database = click.option("--database", metavar="URL", help=DATABASE_HELP)
    yes = click.option("--yes", is_flag=True, help="Delete; without it the command says what it would delete.")
    return before(database(yes(command)))


def purged(engine: "Engine | None", old: bool, what: str, yes: bool, delete: "Callable[[Engine], None]") -> None:
    """Deletes what is old, if there is any and the user said yes; says so in one line. Raises CannotStart without."""
    if engine is None or not old:
        click.echo(f"Nothing to delete: {what}.")
    elif not yes:
        raise CannotStart(f"Nothing was deleted. Add --yes to delete {what}.")
    else:
        delete(engine)
        click.echo(f"Deleted: {what}.")


def opened(database: str | None) -> "tuple[Engine | None, str]":
    """The database, None if nothing is recorded there yet, and its name."""
    from sqlalchemy import make_url

    from cds_service.records.database import name_of
    from cds_service.records.migrate import open_existing

    url = database_url(load(**({"database_url": database} if database else {})))
    return open_existing(url), name_of(make_url(url))
