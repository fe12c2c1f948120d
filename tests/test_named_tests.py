"""What the documents on security and hazards name exists: each test, each file. No promise is without a test."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
SECURITY, HAZARDS = (ROOT / "docs" / f"{name}.md" for name in ("security", "hazards"))
BOTH = pytest.mark.parametrize("document", [SECURITY, HAZARDS], ids=lambda path: path.stem)
REQUIREMENTS = range(1, 26)
PARTS = ("Cause", "Effect", "Stopped by", "What remains", "The site", "Tests")

_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_PLACE = re.compile(r"`((?:cds_service|cards|tests|requirements|fhir_fixtures|docs)/[\w/.-]*)(?:::\w+)?`")
_REQUIREMENT = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_HAZARD = re.compile(r"^### H(\d+)\. (.+)$", re.MULTILINE)
_PART = re.compile(r"^- \*\*([^*]+):\*\* (.+(?:\n  .+)*)", re.MULTILINE)


class Hazard(NamedTuple):
    number: int
    name: str
    parts: dict[str, str]


def hazards() -> list[Hazard]:
    _, *sections = re.split(r"(?=^### H)", HAZARDS.read_text("utf-8"), flags=re.MULTILINE)
    return [
        Hazard(int(number), name, dict(_PART.findall(section)))
        for section in sections
        for number, name in _HAZARD.findall(section)
    ]


@cache
def functions_in(file: str) -> frozenset[str]:
    body = ast.parse((ROOT / file).read_text("utf-8")).body
    return frozenset(each.name for each in body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_"))


@BOTH
def test_every_named_test_exists(document: Path) -> None:
    named = _TEST.findall(document.read_text("utf-8"))
    assert len(named) > 20
    for file, function in named:
        assert (ROOT / file).is_file(), file
        assert function in functions_in(file) if function else functions_in(file), f"{file}::{function}"


@BOTH
def test_every_named_place_exists(document: Path) -> None:
    lost = {place for place in _PLACE.findall(document.read_text("utf-8")) if not (ROOT / place).exists()}
    assert lost == set()


def test_every_requirement_has_a_test() -> None:
    rows = {int(number): tests for number, _, tests in _REQUIREMENT.findall(SECURITY.read_text("utf-8"))}
    assert sorted(rows) == list(REQUIREMENTS)
    assert [number for number, tests in rows.items() if not _TEST.search(tests)] == []


def test_hazards_are_numbered_without_a_gap() -> None:
    assert [each.number for each in hazards()] == list(range(1, len(hazards()) + 1))
    assert len(hazards()) >= 15


@pytest.mark.parametrize("hazard", hazards(), ids=lambda each: f"H{each.number}")
def test_a_hazard_says_all_that_a_reader_has_to_know(hazard: Hazard) -> None:
    assert tuple(hazard.parts) == PARTS
    assert _TEST.search(hazard.parts["Tests"]), "no test"


def test_the_overview_lists_every_hazard() -> None:
    listed = re.findall(r"^\| \[H(\d+)\]\(#([\w-]+)\) \| ([^|]+) \|", HAZARDS.read_text("utf-8"), re.MULTILINE)
    assert [(int(number), name) for number, _, name in listed] == [(each.number, each.name) for each in hazards()]
