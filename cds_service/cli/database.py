"""``cds-service database``: the schema of the database that records are kept in."""

from typing import TYPE_CHECKING

import click

from cds_service.records.location import database_url
from cds_service.settings import load

if TYPE_CHECKING:
    from sqlalchemy import Engine


@click.group()
def database() -> None:
    """Bring the database of CDS_DATABASE_URL up to date, or tell whether it is.

    A SQLite file is brought up to date whenever it is opened; PostgreSQL only by ``upgrade``, before the
    service starts.
    """


@database.command()
@click.option("--database", "url", metavar="URL", help="The database [default: CDS_DATABASE_URL, else your own file].")
def upgrade(url: str | None) -> None:
    """Take the steps that are missing. Nothing that is recorded is lost."""
    from cds_service.records import migrate
    from cds_service.records.database import make_folder, name_of

    engine = _opened(url)
    make_folder(engine)
    found = migrate.upgrade(engine)
    name = name_of(engine.url)
    if found == migrate.LATEST:
        click.echo(f"{name} is up to date (step {migrate.LATEST}).")
    else:
        click.echo(f"{name}: from step {found or 'none'} to {migrate.LATEST}.")


@database.command()
@click.option("--database", "url", metavar="URL", help="The database [default: CDS_DATABASE_URL, else your own file].")
def check(url: str | None) -> None:
    """Say whether this version can use the database as it is; exit code 2 if not. Changes no server's schema."""
    from cds_service.records.database import name_of
    from cds_service.records.migrate import LATEST, open_current

    engine = open_current(str(_opened(url).url.render_as_string(hide_password=False)))
    click.echo(f"{name_of(engine.url)} is up to date (step {LATEST}).")


def _opened(url: str | None) -> "Engine":
    from cds_service.records.database import open_engine

    return open_engine(database_url(load(**({"database_url": url} if url else {}))))
