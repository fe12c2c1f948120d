"""``cds-service preview``: one card as a clinician sees it, with example facts."""

from dataclasses import replace
from pathlib import Path

import click

from cds_service import stories
from cds_service.advice.library import load_library
from cds_service.advice.profile import load_profile
from cds_service.cli.card_panel import console, show_cards
from cds_service.ehr.problems import CannotStart
from cds_service.hooks.response import encode
from cds_service.preview import preview as preview_of
from cds_service.settings import load
from cds_service.site import Site


@click.command()
@click.argument("code")
@click.option("--row", default="", help="The row of the rules, such as PV10, where the card has several.")
@click.option("--profile", type=click.Choice(["us", "eu"]), default="us", show_default=True, help="Label thresholds.")
@click.option("--cards", "folder", type=click.Path(path_type=Path), help="Another cards folder than the service's.")
@click.option("--json", "as_json", is_flag=True, help="The card as JSON, nothing else.")
def preview(code: str, row: str, profile: str, folder: Path | None, as_json: bool) -> None:
    """Show the card CODE (such as hold-anakinra) with the facts of the first patient story that has it."""
    story, card = preview_of(code, _site(profile, folder), row)
    if as_json:
        click.echo(encode(card))
        return
    out = console()
    out.print(f"{stories.title(story.name)} (fhir_fixtures/{story.name})", style="dim", markup=False)
    show_cards(out, [card])


def _site(profile: str, folder: Path | None) -> Site:
    site = Site.open(load(mode="sandbox", profile=profile, trace="off"))
    if folder is None:
        return site
    if not folder.is_dir():
        raise CannotStart(f"There is no folder {folder}: name the folder that holds sources.toml and the cards.")
    chosen = folder.resolve()
    return replace(site, library=load_library(chosen), profile=load_profile(chosen, profile))
