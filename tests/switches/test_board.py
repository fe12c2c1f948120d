"""The switches of a running service: seen within a second, and never lost to a slip in the file."""

import logging
import os
from pathlib import Path

import pytest

from cds_service.errors import SettingsError
from cds_service.hooks.services import SERVICES
from cds_service.switches.board import Switchboard
from cds_service.switches.discretion import EVERYTHING, Discretion
from tests.clock import Clock

VIEW, SIGN = "anakinra-neutropenia-view", "anakinra-neutropenia-sign"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "switches.toml"
    file.touch()
    return file


def rewrite(file: Path, content: str) -> None:
    file.with_suffix(".new").write_text(content)
    os.replace(file.with_suffix(".new"), file)


def test_nothing_is_switched_without_a_file() -> None:
    board = Switchboard(None)
    assert all(board.of(each) == EVERYTHING for each in SERVICES)


def test_a_change_is_seen_after_a_second(file: Path, clock: Clock) -> None:
    board = Switchboard(file, clock)
    assert board.of(VIEW) == EVERYTHING
    rewrite(file, 'anakinra-neutropenia-sign = "off"\nhold-anakinra = "silent"\nmas-pattern = "active"\n')

    clock.now = 0.9
    assert board.of(SIGN) == EVERYTHING
    clock.now = 1.1
    assert board.of(SIGN) == Discretion("off", {"hold-anakinra": "silent"})
    assert board.of(VIEW) == Discretion("active", {"hold-anakinra": "silent"})


@pytest.mark.parametrize(
    ("content", "view", "sign"),
    [
        ('all = "silent"', "silent", "silent"),
        ('all = "silent"\nanakinra-neutropenia-sign = "off"', "silent", "off"),
        ('all = "off"\nanakinra-neutropenia-sign = "active"', "off", "off"),
    ],
)
def test_the_stricter_of_all_and_the_service(file: Path, content: str, view: str, sign: str) -> None:
    file.write_text(content)
    board = Switchboard(file)
    assert (board.of(VIEW).mode, board.of(SIGN).mode) == (view, sign)


@pytest.mark.parametrize("content", ['all = "of"', "all = ", None])
def test_a_file_that_is_wrong_changes_nothing_and_is_told_once(
    file: Path, clock: Clock, caplog: pytest.LogCaptureFixture, content: str | None
) -> None:
    file.write_text('all = "off"')
    board = Switchboard(file, clock)
    caplog.clear()
    file.unlink()
    if content is not None:
        file.write_text(content)

    for clock.now in (2, 4, 6):
        assert board.of(VIEW).mode == "off"

    (line,) = caplog.messages
    assert line.startswith("CDS_SWITCHES changed and is wrong, the former switches stay: switches.toml: ")
    rewrite(file, "")
    clock.now = 8
    assert board.of(VIEW).mode == "active"
    assert caplog.messages[1:] == ["CDS_SWITCHES: everything is active"]


def test_what_is_switched_is_in_the_log(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="cds_service.switches")
    file.write_text('hold-anakinra = "off"\nall = "silent"\nmas-pattern = "active"')
    Switchboard(file)
    assert caplog.messages == ["CDS_SWITCHES: hold-anakinra off, all silent"]


def test_a_file_that_is_wrong_stops_the_start(file: Path) -> None:
    file.write_text("all = 1")
    with pytest.raises(SettingsError, match="all is not as it should be"):
        Switchboard(file)
    with pytest.raises(SettingsError, match="there is no such file"):
        Switchboard(file.with_name("another.toml"))
