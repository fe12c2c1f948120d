"""Wrong usage and servers that are not there: one line that says what to do, exit code 2, never a traceback."""

import os
import subprocess
import sys

import click
import pytest

from cds_service.cli import main as entry
from cds_service.cli.child_server import free_port
from cds_service.cli.main import run
from cds_service.errors import ContentError

Captured = pytest.CaptureFixture[str]
NOBODY = f"http://127.0.0.1:{free_port()}"
FIRE = ["--service", NOBODY, "--fhir", NOBODY, "--patient", "1"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bogus"], "No such command 'bogus'. See: cds-service --help"),
        (["fire"], "See: cds-service fire --help"),
        (["fire", "bogus", *FIRE], "'bogus' is not one of 'patient-view', 'order-select', 'order-sign'"),
        (["fire", "patient-view", *FIRE[2:]], "Missing option '--service'. See: cds-service fire --help"),
        (["fire", "patient-view", *FIRE], f"Nobody answers at {NOBODY}. Is it running? Check --fhir."),
        (["fire", "order-select", *FIRE], "order-select is about an order: add --order, e.g. --order anakinra."),
        (["fire", "patient-view", *FIRE, "--order", "anakinra"], "patient-view has no orders: leave out --order"),
        (
            ["fire", "order-sign", *FIRE, "--order", "aspirin"],
            "The drug 'aspirin' is not known here: say anakinra, tocil",
        ),
        (["fire", "patient-view", "--service", "cds.example.org", *FIRE[2:]], "--service must be a URL such as http"),
        (["fire", "patient-view", *FIRE, "--fhir", "http://[::1"], "--fhir must be a URL"),
        (["fire", "patient-view", *FIRE, "--fhir", "http://a:port/"], "--fhir must be a URL"),
        (["load"], "Missing option '--fhir'. See: cds-service load --help"),
        (["load", "--fhir", NOBODY], f"Nobody answers at {NOBODY}"),
        (["load", "--fhir", NOBODY, "--story", "unwritten"], "There is no story unwritten. There are: case-1-a"),
        (["serve", "--port", "70000"], "70000 is not in the range"),
        (["serve", "--profile", "uk"], "'uk' is not one of 'us', 'eu'"),
        (["demo", "--bogus"], "No such option '--bogus'. See: cds-service demo --help"),
    ],
)
def test_one_line_and_exit_2(arguments: list[str], says: str, capsys: Captured) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    last = captured.err.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert says in last
    assert captured.out == ""


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_names_every_command(arguments: list[str], capsys: Captured) -> None:
    assert run(arguments) == 0
    printed = capsys.readouterr().out
    assert all(f"  {command}  " in printed for command in entry.COMMANDS)


@pytest.mark.parametrize("command", entry.COMMANDS)
def test_every_command_has_help(command: str, capsys: Captured) -> None:
    assert run([command, "--help"]) == 0
    assert f"Usage: cds-service {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("raised", "code", "says"),
    [
        (ContentError("cards/x.toml: summary is missing."), 2, "Error: cards/x.toml: summary is missing.\n"),
        (KeyboardInterrupt(), 1, "Error: Stopped.\n"),
        (OSError(28, "No space left"), 2, "Error: the output cannot be read or written: No space left.\n"),
        (OSError(36, "File name too long", "x"), 2, "Error: x cannot be read or written: File name too long.\n"),
        (
            ZeroDivisionError("by\nnought"),
            1,
            "Error: Unexpected fault (ZeroDivisionError: by nought). Please report it.\n",
        ),
    ],
)
def test_nothing_escapes_as_a_traceback(
    raised: BaseException, code: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def fail(**_: object) -> None:
        raise raised

    monkeypatch.setattr(entry.cli, "main", fail)
    assert run([]) == code
    assert capsys.readouterr().err == says


def test_output_that_nobody_reads_to_the_end_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    finished = subprocess.run(
        [sys.executable, "-m", "cds_service", "--help"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert finished.stderr == b""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_that_cannot_show_a_letter_is_told_which(encoding: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "cds_service", "preview", "hold-anakinra"],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        check=False,
    )
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert rb"x10\u2079/L" in finished.stdout


def test_a_shell_can_complete_the_commands() -> None:
    context = click.Context(entry.cli)
    assert [each.value for each in entry.cli.shell_complete(context, "")] == list(entry.COMMANDS)
    assert [each.value for each in entry.cli.shell_complete(context, "fi")] == ["fire"]


def test_main_exits_with_the_code(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr("sys.argv", ["cds-service", "--version"])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("cds-service, version ")
