"""The README shows one real card: the one the service gives today for the child of the web answer."""

import io
from pathlib import Path

import time_machine
from rich.console import Console

from cds_service import create_app, stories
from cds_service.cli.card_panel import show_cards
from cds_service.ehr.fhir_store import FhirStore
from tests.stories.ehr import call_with_prefetch

README = Path(__file__).parent.parent / "README.md"


def card() -> str:
    story = stories.read("child-1-view")
    with time_machine.travel(story.today, tick=False):
        answer = call_with_prefetch(create_app().test_client(), story, FhirStore(story.resources))
    page = io.StringIO()
    show_cards(Console(file=page, width=80, color_system=None), answer["cards"])
    return "\n".join(line.rstrip() for line in page.getvalue().strip().splitlines())


def test_the_card_in_the_readme_is_the_real_one() -> None:
    assert card() in README.read_text(encoding="utf-8")
