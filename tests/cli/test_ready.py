"""Ready, not ready, nobody there: an exit code for scripts, a line for people; with --wait, until it is."""

from collections.abc import Callable
from threading import Timer

import pytest

from cds_service.cli.child_server import free_port
from cds_service.cli.main import run
from cds_service.hooks.response import operation_outcome
from tests.stub_server import StubServer

Captured = pytest.CaptureFixture[str]
Stub = Callable[..., StubServer]
PATH = "/health/ready"
READY = {"status": "ready", "services": 3}
ENDING = operation_outcome("transient", ["This process is ending: send calls to another one."]).decode()


def test_ready(stub: Stub, capsys: Captured) -> None:
    url = stub({PATH: (200, READY)}).url

    assert run(["ready", url]) == 0
    assert capsys.readouterr().out == f"{url} takes calls.\n"


def test_what_it_warns_of_is_told(stub: Stub, capsys: Captured) -> None:
    url = stub({PATH: (200, READY | {"warnings": ["7 shown cards were not recorded"]})}).url

    assert run(["ready", url]) == 0
    assert capsys.readouterr().err == "Warning: 7 shown cards were not recorded\n"


@pytest.mark.parametrize("answer", [(503, ENDING), (200, "no service of ours"), (404, READY)])
def test_not_ready(stub: Stub, capsys: Captured, answer: tuple[int, object]) -> None:
    url = stub({PATH: answer}).url

    assert run(["ready", url]) == 1
    said = capsys.readouterr().err
    assert f"{url} takes no calls now: HTTP {answer[0]}" in said
    assert said.count("\n") == 1


def test_nobody_answers(capsys: Captured) -> None:
    assert run(["ready", f"http://127.0.0.1:{free_port()}", "--wait", "0.3"]) == 2
    assert "Nobody answers" in capsys.readouterr().err


def test_it_waits_until_it_is(stub: Stub) -> None:
    server = stub({PATH: (503, ENDING)})
    later = Timer(0.5, server.answers.__setitem__, (PATH, (200, READY)))
    later.start()

    assert run(["ready", server.url, "--wait", "20"]) == 0
    later.join()
