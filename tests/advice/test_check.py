"""All content checked at once, and the schemas an editor uses, against the files as shipped."""

import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cds_service.advice.check import content_faults
from cds_service.advice.schemas import KINDS, content_schema
from tests.advice.conftest import CARDS, Edit

SPECIAL = {"sources.toml": "sources", "disagreements.toml": "disagreements", "overrides.toml": "overrides"}


def test_the_cards_as_shipped_are_right() -> None:
    assert content_faults(CARDS) == []


def test_each_file_at_fault_is_told(copy: Path, edit: Edit) -> None:
    edit("hold-anakinra.toml", "no number for stopping.", "<b>none</b>")
    edit("recovering.toml", 'indicator = "info"', 'indicator = "green"')
    edit("overrides.toml", '"Other reason"', '""')
    edit("profiles/eu.toml", "value = 1.5", "value = 0.1")
    faults = content_faults(copy)
    assert [fault.partition(":")[0] for fault in faults] == [
        "cards/overrides.toml",
        "cards/profiles/eu.toml",
        "cards/hold-anakinra.toml",
        "cards/recovering.toml",
    ]


@pytest.mark.parametrize("name", ["sources.toml", "disagreements.toml"])
def test_what_all_files_name_comes_first(copy: Path, edit: Edit, name: str) -> None:
    edit("hold-anakinra.toml", "no number for stopping.", "<b>none</b>")
    edit(name, "verified = true", "verified = 1")
    (fault,) = content_faults(copy)
    assert fault.startswith(f"cards/{name}:")


def test_files_are_held_against_the_rules(copy: Path) -> None:
    (copy / "recovering.toml").unlink()
    assert content_faults(copy) == ["cards and rules differ: no card for row PV13 (recovering)"]


def files() -> Iterator[tuple[str, Path]]:
    for path in sorted(CARDS.rglob("*.toml")):
        yield ("profile" if path.parent.name == "profiles" else SPECIAL.get(path.name, "card")), path


def as_json(value: Any) -> Any:
    """TOML has dates, JSON has their text."""
    if isinstance(value, dict):
        return {name: as_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize(("kind", "path"), list(files()), ids=lambda each: getattr(each, "name", each))
def test_a_file_as_shipped_fits_its_schema(kind: str, path: Path) -> None:
    Draft202012Validator(content_schema(kind)).validate(as_json(tomllib.loads(path.read_text("utf-8"))))


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_and_takes_no_misspelt_entry(kind: str) -> None:
    schema = content_schema(kind)
    Draft202012Validator.check_schema(schema)
    path = next(path for each, path in files() if each == kind)
    found = as_json(tomllib.loads(path.read_text("utf-8")))
    table = next(iter(found.values())) if schema.get("additionalProperties") else found
    table["varient"] = "x"
    assert not Draft202012Validator(schema).is_valid(found)


def test_a_renamed_folder_is_named_as_it_is(tmp_path: Path, edit: Callable[..., None], copy: Path) -> None:
    edit("hold-anakinra.toml", "no number for stopping.", "<b>none</b>")
    mine = Path(shutil.copytree(copy, tmp_path / "mine"))
    assert content_faults(mine)[0].startswith("mine/hold-anakinra.toml:")
