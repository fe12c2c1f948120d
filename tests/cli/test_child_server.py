"""Servers of ours: started on a free port, ended in every case, told about in one line if they do not start."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.cli import child_server, sandbox_server
from cds_service.cli.child_server import Recipe, ending_on_signals, free_port, running
from cds_service.cli.sandbox_server import fhir_python, fhir_server
from cds_service.ehr.client import place
from cds_service.ehr.problems import CannotStart

# Under another name first: a file that is there holds the whole number.
WRITE_ID = "import os, pathlib; pathlib.Path('i').write_text(str(os.getpid())); os.rename('i', 'id'); "
SERVE = WRITE_ID + "import http.server as h; h.test(h.SimpleHTTPRequestHandler, port={port}, bind='127.0.0.1')"
DEAF = WRITE_ID + "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SERVE
TAKEN_ONCE = (
    WRITE_ID + "first = not pathlib.Path('tried').exists(); pathlib.Path('tried').touch(); "
    "exit('Address already in use') if first else None; " + SERVE
)


def recipe(code: str) -> Recipe:
    def command(port: int) -> list[str]:
        return [sys.executable, "-c", code.replace("{port}", str(port))]

    return Recipe("test server", command, "/", dict(os.environ))


def is_running(folder: Path) -> bool:
    try:
        os.kill(int((folder / "id").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_server, "END_SECONDS", 0.5)


@pytest.mark.parametrize("code", [SERVE, DEAF, TAKEN_ONCE], ids=["polite", "deaf to SIGTERM", "port taken once"])
def test_it_runs_for_the_block_and_no_longer(code: str, tmp_path: Path) -> None:
    with running(recipe(code), tmp_path) as root:
        assert place("--x", root).get("").ok
        assert is_running(tmp_path)
    assert not is_running(tmp_path)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_it_ends_whatever_happens(error: type[BaseException], tmp_path: Path) -> None:
    with pytest.raises(error), running(recipe(SERVE), tmp_path):
        raise error
    assert not is_running(tmp_path)


def test_it_ends_if_we_are_interrupted_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(seconds: float) -> None:
        if (tmp_path / "id").exists():
            raise KeyboardInterrupt

    # Waiting for the start and waiting for the end both sleep.
    monkeypatch.setattr(child_server.time, "sleep", interrupted)
    silent = recipe(WRITE_ID + "import threading; threading.Event().wait()")
    with pytest.raises(KeyboardInterrupt), running(silent, tmp_path):
        pass
    assert not is_running(tmp_path)


def test_a_given_port_is_used(tmp_path: Path) -> None:
    port = free_port()
    with running(recipe(SERVE), tmp_path, port) as root:
        assert root == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("exit('settings are wrong')", "The test server did not start: settings are wrong"),
        ("exit('Address already in use')", "The test server did not start: Address already in use"),
        ("pass", "The test server did not start: it said nothing"),
    ],
)
def test_a_server_that_ends_by_itself(code: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as raised, running(recipe(code), tmp_path):
        pass
    assert raised.value.message == says


def test_a_server_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_server, "START_SECONDS", 0.3)
    hang = recipe("import time; print('thinking', flush=True); time.sleep(60)")
    with pytest.raises(CannotStart, match="did not start"), running(hang, tmp_path):
        pass


def test_a_polite_request_to_end_is_like_ctrl_c() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), ending_on_signals():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_fhir_server_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with fhir_server() as url:
        assert url.endswith("/fhir")
        assert place("--fhir", url).get("Patient").json["total"] == 0
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CannotStart, match="Nobody answers"):
        place("--fhir", url).get("metadata")


Find = Callable[[str], object]


@pytest.mark.parametrize(
    ("setting", "checkout", "installed", "found"),
    [
        ("/opt/python", True, True, "/opt/python"),
        (None, True, True, "CHECKOUT/.venv-fhir/bin/python"),
        (None, False, True, sys.executable),
        (None, False, False, None),
    ],
)
def test_where_the_fhir_server_is_looked_for(
    setting: str | None,
    checkout: bool,
    installed: bool,
    found: str | None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("CDS_FHIR_PYTHON", raising=False)
    if setting:
        monkeypatch.setenv("CDS_FHIR_PYTHON", setting)
    if checkout:
        (tmp_path / ".venv-fhir" / "bin").mkdir(parents=True)
        (tmp_path / ".venv-fhir" / "bin" / "python").touch()
    monkeypatch.setattr(sandbox_server, "PACKAGE", tmp_path / "cds_service")
    monkeypatch.setattr(sandbox_server.importlib.util, "find_spec", lambda name: object() if installed else None)
    if found is None:
        with pytest.raises(CannotStart, match="run `make demo` in a checkout, or `pip install 'anakinra-cds"):
            fhir_python()
    else:
        assert fhir_python() == found.replace("CHECKOUT", str(tmp_path))


def test_a_python_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_FHIR_PYTHON", "/nowhere/python")
    started = time.monotonic()
    with (
        pytest.raises(CannotStart, match="The FHIR server did not start: /nowhere/python: No such file"),
        fhir_server(),
    ):
        pass
    assert time.monotonic() - started < 5
