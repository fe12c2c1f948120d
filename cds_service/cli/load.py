"""``cds-service load``: the patient stories on a FHIR R4 server, their dates moved to now."""

from collections.abc import Iterable
from datetime import UTC, datetime

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cds_service import stories
from cds_service.cli.card_panel import console
from cds_service.ehr.client import TOKEN_HELP, TOKEN_SETTING, Place, place
from cds_service.ehr.problems import CannotStart, WrongAnswer


@click.command()
@click.option("--fhir", "fhir_url", required=True, metavar="URL", help="The FHIR R4 server to load.")
@click.option("--story", "named", multiple=True, metavar="NAME", help="Only this story; may be repeated.")
@click.option("--token", default="", envvar=TOKEN_SETTING, metavar="TOKEN", help=TOKEN_HELP)
def load(fhir_url: str, named: tuple[str, ...], token: str) -> None:
    """Put patient stories on a FHIR R4 server: fictitious people, dates moved so that "today" is now."""
    for name in named:
        check_story(name)
    loaded = load_stories(place("--fhir", fhir_url, token), named or stories.names(), datetime.now(UTC))
    listed = ", ".join(f"{each.name} (Patient/{each.patient_id})" for each in loaded)
    click.echo(f"{len(loaded)} {'story is' if len(loaded) == 1 else 'stories are'} at {fhir_url}: {listed}")


def check_story(name: str) -> None:
    """CannotStart, with the names there are, if it is none of them."""
    known = stories.names()
    if name not in known:
        raise CannotStart(f"There is no story {name}. There are: {', '.join(known)}.")


def load_stories(fhir: Place, names: Iterable[str], now: datetime) -> list[stories.Story]:
    """Loads the named stories with a progress bar on stderr; gives them as loaded.

    WrongAnswer names the story and what the server says if it refuses one.
    """
    wanted = list(names)
    loaded = []
    columns = (TextColumn("Loading stories"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[story]}"))
    with Progress(*columns, console=console(stderr=True)) as progress:
        task = progress.add_task("", total=len(wanted), story="")
        for name in wanted:
            progress.update(task, story=name)
            loaded.append(_load(fhir, stories.shifted(stories.read(name), now)))
            progress.advance(task)
        progress.update(task, story="")
    return loaded


def _load(fhir: Place, story: stories.Story) -> stories.Story:
    answer = fhir.post("", story.bundle)
    if not answer.ok:
        raise WrongAnswer(f"The FHIR server refused the story {story.name}: {answer.in_a_line()}")
    return story
