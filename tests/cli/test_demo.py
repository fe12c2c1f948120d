"""``cds-service demo``: real FHIR server, real service, the cards of the published cases, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from cds_service import stories
from cds_service.cli import child_server, demo
from cds_service.cli.main import run
from cds_service.ehr.client import place
from cds_service.ehr.problems import CannotStart, WrongAnswer
from tests.cli.conftest import CARD, service_for
from tests.stub_server import StubServer

Captured = pytest.CaptureFixture[str]


def test_it_prints_the_cards_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured
) -> None:
    processes: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)
            processes.append(self)

    monkeypatch.setattr(child_server.subprocess, "Popen", Recorded)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run(["demo"]) == 0, capsys.readouterr().err
    captured = capsys.readouterr()
    assert "Loading stories" in captured.err
    told = re.sub(r"[\s│]+", " ", captured.out)
    for story in demo.showcase([stories.shifted(each, datetime.now(UTC)) for each in stories.read_all()]):
        assert stories.title(story.name) in told
        for card in story.expected["cards"]:
            assert card["summary"] in told
    assert len(processes) == 2
    assert all(each.poll() is not None for each in processes)
    assert list(tmp_path.iterdir()) == []


def test_the_showcase_is_the_two_cases_and_the_child_at_both_hooks() -> None:
    shown = demo.showcase(list(stories.read_all()))
    assert [(each.name[:6], each.hook_name) for each in shown] == [
        (person, hook) for person in ("case-1", "case-2", "child-") for hook in ("patient-view", "order-select")
    ]
    assert all(each.expected["cards"] for each in shown)


def test_a_card_that_does_not_conform_ends_the_demo(stub: Callable[..., StubServer]) -> None:
    """The demo is also a check: it must not print a bad card and look fine."""
    story = stories.read("child-1-view")
    listed = {"services": [service_for("patient-view")]}
    answer = {"cards": [CARD | {"indicator": "hard-stop"}]}
    service = stub({"/cds-services": (200, listed), "/cds-services/neutrophils-patient-view": (200, answer)})
    with pytest.raises(WrongAnswer, match="child-1-view: the answer does not conform"):
        demo.show_story(Console(quiet=True), story, place("--service", service.url), place("--fhir", service.url))


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_keep_leaves_both_running_until_told_to_end(ending: signal.Signals, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cds_service.cli", "demo", "--keep"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path)},
    )
    try:
        printed = ""
        while process.stdout and "Ctrl-C ends both." not in printed and (line := process.stdout.readline()):
            printed += line
        (service,) = re.findall(r"^CDS Hooks service  (\S+)/cds-services$", printed, re.MULTILINE)
        (fhir,) = re.findall(r"^FHIR R4 server     (\S+)$", printed, re.MULTILINE)
        (tried,) = re.findall(r"^Try: cds-service (.*)$", printed, re.MULTILINE)
        assert run(tried.split()) == 0
        process.send_signal(ending)
        rest, _ = process.communicate(timeout=30)
        assert (process.returncode, rest.strip()) == (0, "Ended.")
    finally:
        process.kill()
        process.wait()
    for option, url in (("--service", service), ("--fhir", fhir)):
        with pytest.raises(CannotStart, match="Nobody answers"):
            place(option, url).get("metadata")
    assert list(tmp_path.iterdir()) == []
