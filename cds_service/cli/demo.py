"""``cds-service demo``: everything at once on this machine, on patients that do not exist."""

import threading
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from cds_service import stories
from cds_service.cli.card_panel import console, show_answer
from cds_service.cli.child_server import ending_on_signals
from cds_service.cli.fire import require_conformity
from cds_service.cli.load import load_stories
from cds_service.cli.sandbox_server import fhir_server, service_server
from cds_service.ehr.call import Call, fire_hook
from cds_service.ehr.client import Place, place

SHOWN_HOOKS = ("patient-view", "order-select")
SHOWN_PEOPLE = ("case-1", "case-2", "child")


@click.command()
@click.option("--keep", is_flag=True, help="Leave both servers running until Ctrl-C, and print their addresses.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Port of the service [default: any free one].")
@click.option("--fhir-port", default=0, type=click.IntRange(0, 65535), help="Port of the FHIR server, likewise.")
@click.option("--profile", type=click.Choice(["us", "eu"]), default="us", show_default=True, help="Label thresholds.")
def demo(keep: bool, port: int, fhir_port: int, profile: str) -> None:
    """Start a FHIR R4 server and the service, load the patient stories, print the cards as a clinician reads them."""
    out = console()
    with (
        ending_on_signals(),
        fhir_server(fhir_port) as fhir_url,
        service_server(port, profile, fhir_url) as service_url,
    ):
        fhir, service = place("--fhir", fhir_url), place("--service", service_url)
        loaded = load_stories(fhir, stories.names(), datetime.now(UTC))
        for story in showcase(loaded):
            show_story(out, story, service, fhir)
        if keep:
            _stay(out, service_url, fhir_url, loaded[0].patient_id)


def showcase(loaded: list[stories.Story]) -> list[stories.Story]:
    """The two published cases and the child, each at patient-view and at order-select: first with a card expected."""
    shown = []
    for person in SHOWN_PEOPLE:
        for hook in SHOWN_HOOKS:
            about = [each for each in loaded if person in each.name and each.hook_name == hook]
            about.sort(key=lambda each: (not each.expected.get("cards"), each.name))
            shown += about[:1]
    return shown


def show_story(out: Console, story: stories.Story, service: Place, fhir: Place) -> None:
    """Calls the service about one loaded story and prints its cards; WrongAnswer if they do not conform."""
    out.print(Rule(story.hook_name, align="left"), Text(stories.title(story.name), style="bold"))
    outcome = fire_hook(Call(story.hook_name, story.hook["context"]), service, fhir)
    show_answer(out, outcome.response)
    require_conformity(outcome, f"{story.name}: the answer")


def _stay(out: Console, service_url: str, fhir_url: str, patient: str) -> None:
    tried = f"cds-service fire patient-view --service {service_url} --fhir {fhir_url} --patient {patient}"
    for line in (
        f"\nWorkbench          {service_url}/",
        f"CDS Hooks service  {service_url}/cds-services",
        f"FHIR R4 server     {fhir_url}",
        f"\nTry: {tried}",
        "\nCtrl-C ends both.",
    ):
        out.print(line, markup=False, soft_wrap=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        out.print("Ended.", markup=False)
