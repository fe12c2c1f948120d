"""The switches' file: what may stand in it, each fault with its fix, and the command that writes it."""

import os
import re
from pathlib import Path

import pytest

from cds_service.cli.main import run
from cds_service.errors import SettingsError
from cds_service.switches.discretion import MODES
from cds_service.switches.file import read_switches, switchable

Captured = pytest.CaptureFixture[str]
DOCUMENT = (Path(__file__).parents[2] / "docs" / "switches.md").read_text(encoding="utf-8")

FAULTS = [
    (
        'hold-anakina = "off"',
        "hold-anakina is neither all, nor a service or an advice code: did you mean hold-anakinra?",
    ),
    ('all-of-it = "off"', "all-of-it is neither all, nor a service or an advice code: `cds-service switch` lists"),
    ('not-assessed = "silent"', "not-assessed cannot be switched: what could not be assessed is always said"),
    ('all = "on"', 'all is not as it should be: write "active", "silent" or "off"'),
    ("all = true", "all is not as it should be"),
    ("[all]", "all is not as it should be"),
    ('"a\\nb" = "off"', "a name is neither all"),
    ("all = off", "not valid TOML"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "switches.toml"


@pytest.mark.parametrize(("line", "told"), FAULTS)
def test_a_fault_is_one_line_with_its_fix(file: Path, line: str, told: str) -> None:
    file.write_text(line)
    with pytest.raises(SettingsError) as wrong:
        read_switches(file)
    (message,) = wrong.value.messages
    assert message.startswith(f"switches.toml: {told}")
    assert "\n" not in message


def test_a_file_that_is_not_there_is_wrong_and_an_empty_one_is_right(file: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file: `cds-service switch all active` makes it"):
        read_switches(file)
    file.touch()
    assert read_switches(file) == {}


def test_the_command_switches_one_thing_and_keeps_the_rest(file: Path, capsys: Captured) -> None:
    file.write_text('# of ours\nmas-pattern = "silent"\n')
    file.chmod(0o640)
    if os.geteuid() == 0:  # at 3 a.m. it is root who switches, and another user who serves
        os.chown(file, 65534, 65534)
    former = file.stat()

    assert run(["switch", "--file", str(file), "all", "off"]) == 0

    assert read_switches(file) == {"mas-pattern": "silent", "all": "off"}
    now = file.stat()
    assert (now.st_mode, now.st_uid, now.st_gid) == (former.st_mode, former.st_uid, former.st_gid)
    assert capsys.readouterr().out.splitlines() == [
        f"all is off in {file}: calls are refused with 403.",
        "mas-pattern is still silent.",
    ]
    assert run(["switch", "--file", str(file), "all", "active"]) == 0
    assert read_switches(file) == {"mas-pattern": "silent"}


def test_the_command_warns_of_critical_cards(file: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_SWITCHES", str(file))
    for name, mode, told in (
        ("hold-anakinra", "silent", "evaluated and audited, and not shown. WARNING, its cards can be critical"),
        (
            "hold-anakinra",
            "off",
            "in its place a card says that it is not assessed. WARNING, its cards can be critical",
        ),
        ("renal-dose", "off", "in its place a card says that it is not assessed"),
        ("renal-dose", "active", "as usual"),
    ):
        assert run(["switch", name, mode]) == 0
        assert capsys.readouterr().out.splitlines()[0].startswith(f"{name} is {mode} in {file}: {told}")


def test_the_command_tells_what_is_switched(file: Path, capsys: Captured) -> None:
    assert run(["switch", "--file", str(file), "hold-anakinra", "off"]) == 0
    capsys.readouterr()
    assert run(["switch", "--file", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == list(switchable())
    assert [line for line in lines if not line.startswith("active")] == ["off     hold-anakinra"]
    assert run(["switch", "--file", str(file), "hold-anakinra"]) == 0
    assert capsys.readouterr().out == "off     hold-anakinra\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["hold-anakina", "off"], "did you mean hold-anakinra?"),
        (["all", "of"], "is not one of"),
        ([], "there is no such file"),
        (["all", "off", "--file", "/nowhere/switches.toml"], "cannot be written"),
    ],
)
def test_a_slip_changes_nothing(
    file: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.setenv("CDS_SWITCHES", str(file))
    assert run(["switch", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert not file.exists()


def test_without_a_file_the_command_says_how_to_name_one(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CDS_SWITCHES", raising=False)
    assert run(["switch", "all", "off"]) == 2
    assert "set CDS_SWITCHES" in capsys.readouterr().err


def test_the_document_shows_a_right_file_and_right_commands(file: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    file.write_text(example)
    assert read_switches(file)
    for name, mode in re.findall(r"^cds-service switch ([a-z-]+) ([a-z]+)", DOCUMENT, re.MULTILINE):
        assert name in switchable()
        assert mode in MODES
