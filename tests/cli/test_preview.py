"""``cds-service preview``: every card can be looked at, also one that was just edited."""

import json
import shutil
from pathlib import Path

import pytest

from cds_service.advice.library import load_library
from cds_service.cli.main import run
from cds_service.data_files import cards_folder
from cds_service.preview import cards_of, codes
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.stories import read_all


def test_every_card_has_an_example() -> None:
    assert codes() == sorted(load_library(cards_folder()).cards)


def test_an_example_shows_what_its_story_expects() -> None:
    sites = {name: Site.open(Settings(profile=name, trace="off")) for name in ("us", "eu")}
    for story in read_all():
        found = [each["summary"] for each in cards_of(story, sites[story.expected.get("profile", "us")])]
        assert found == [each["summary"] for each in story.expected.get("cards", ())], story.name


def test_a_card_is_printed_with_its_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["preview", "hold-anakinra", "--row", "PV10"]) == 0
    said = capsys.readouterr().out
    assert "urgent same-day review" in said
    assert "(fhir_fixtures/" in said


def test_an_edited_card_is_seen_before_it_is_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(cards_folder(), tmp_path / "cards"))
    card = folder / "recovering.toml"
    card.write_text(
        card.read_text("utf-8").replace("Repeat until recovered.", "Repeat until it is above 1.5."), "utf-8"
    )
    assert run(["preview", "recovering", "--cards", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"].endswith("Repeat until it is above 1.5.")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no-such-card"], "Error: No story shows the card no-such-card: use one of anakinra-in-mas, "),
        (["recovering", "--row", "PV1"], "Error: No story shows recovering for row PV1: use one of PV13."),
        (["recovering", "--cards", "/nowhere"], "Error: There is no folder /nowhere: "),
    ],
)
def test_a_wrong_question_is_one_line(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["preview", *arguments]) == 2
    assert capsys.readouterr().err.startswith(says)
