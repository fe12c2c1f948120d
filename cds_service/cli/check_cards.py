"""``cds-service check-cards``: is every file of the cards folder right? Each fault with its file, line and fix."""

from pathlib import Path

import click
import msgspec

from cds_service.advice.check import content_faults
from cds_service.advice.schemas import KINDS, content_schema
from cds_service.data_files import cards_folder
from cds_service.ehr.problems import CannotStart
from cds_service.hooks.response import encode


@click.command(name="check-cards")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--schema", type=click.Choice(sorted(KINDS)), help="Print the JSON Schema of one kind of file instead.")
def check_cards(folder: Path | None, schema: str | None) -> None:
    """Check the cards folder (FOLDER, or the one the service uses). Exit code 1 if a file is wrong."""
    if schema:
        click.echo(msgspec.json.format(encode(content_schema(schema)), indent=2))
        return
    chosen = folder or cards_folder()
    if not chosen.is_dir():
        raise CannotStart(f"There is no folder {chosen}: name the folder that holds sources.toml and the cards.")
    faults = content_faults(chosen.resolve())
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"Every file in {chosen} is right.")
