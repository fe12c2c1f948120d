"""``cds-service check-cards``: exit codes and what it prints."""

import json
import shutil
from pathlib import Path

import pytest

from cds_service.cli.main import run
from cds_service.data_files import cards_folder


def test_good_cards(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check-cards"]) == 0
    assert "is right." in capsys.readouterr().out


def test_a_wrong_edit_is_refused_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(cards_folder(), tmp_path / "cards"))
    card = folder / "hold-anakinra.toml"
    card.write_text(card.read_text("utf-8").replace("{anc} on anakinra: urgent", "{count}: urgent"), "utf-8")
    assert run(["check-cards", str(folder)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("cards/hold-anakinra.toml:")
    assert "{count}" in said
    assert len(said.splitlines()) == 1


def test_no_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check-cards", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.startswith("Error: There is no folder ")


def test_the_schema_is_json_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check-cards", "--schema", "card"]) == 0
    assert "row" in json.loads(capsys.readouterr().out)["$defs"]["CardTables"]["properties"]
