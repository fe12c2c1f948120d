"""The cards as shipped, and copies of them to spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.advice.library import Library, load_library
from cds_service.advice.profile import Profile, load_profile

CARDS = Path(__file__).parents[2] / "cards"
Edit = Callable[[str, str, str], None]


@pytest.fixture(scope="session")
def cards() -> Path:
    return CARDS


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(CARDS)


@pytest.fixture(scope="session", params=["us", "eu"])
def profile(request: pytest.FixtureRequest) -> Profile:
    return load_profile(CARDS, request.param)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the cards folder, for one test to edit."""
    return Path(shutil.copytree(CARDS, tmp_path / "cards"))


@pytest.fixture
def edit(copy: Path) -> Edit:
    """Replace some text of one file of the copy; the text must be there, so that no test passes for nothing."""

    def replace(name: str, old: str, new: str) -> None:
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
