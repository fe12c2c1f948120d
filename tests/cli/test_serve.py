"""``cds-service serve``: a real server in a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from cds_service.cli import serve as command
from cds_service.cli.main import run
from cds_service.ehr.client import place

Captured = pytest.CaptureFixture[str]


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The running process, the line it printed first, and the base URL in that line."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CDS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "cds_service.cli", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield process, line, (re.findall(r"http://\S+?(?=/cds-services)", line) or [""])[0]
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(ending: signal.Signals) -> None:
    with started("--profile", "eu") as (process, line, url):
        assert line == f"CDS Hooks service at {url}/cds-services (sandbox mode). Ctrl-C ends it.\n"
        assert process.stdout is not None
        assert process.stdout.readline() == f"Workbench at {url}/ (open it in a browser on this machine)\n"
        answer = place("--service", url).get("cds-services")
        assert {each["hook"] for each in answer.json["services"]} == {"patient-view", "order-select", "order-sign"}
        process.send_signal(ending)
        rest, _ = process.communicate(timeout=20)
        assert (process.returncode, rest) == (0, "")


def test_a_header_with_the_longest_token_reaches_the_service() -> None:
    with started() as (_, _, url):
        bearer = {"Authorization": f"Bearer {'x' * 8192}"}
        assert requests.get(f"{url}/cds-services", headers=bearer, timeout=10).status_code == 200


def test_no_header_moves_the_path() -> None:
    with started() as (_, _, url):
        for prefix in ("/x", "/cds-services"):
            assert requests.get(f"{url}/cds-services", headers={"SCRIPT_NAME": prefix}, timeout=10).status_code == 200


def test_it_listens_on_ipv6_too() -> None:
    with started("--host", "::1") as (_, _, url):
        assert url.startswith("http://[::1]:")
        assert place("--service", url).get("cds-services").ok


def test_a_port_in_use_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(command, "create_app", lambda: None)
    monkeypatch.setenv("CDS_MODE", "sandbox")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["serve", "--port", str(port)]) == 2
    expected = (
        f"Error: Cannot listen on 127.0.0.1 port {port} (Address already in use): try another --port, or 0 for any"
    )
    assert capsys.readouterr().err.startswith(expected)


@pytest.mark.parametrize(
    ("setting", "value", "says"), [("CDS_MODE", "production", "CDS_MODE=production"), ("CDS_TRACE", "7", "CDS_TRACE")]
)
def test_a_wrong_setting_is_one_line(
    setting: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv(setting, value)
    monkeypatch.setenv("CDS_MODE", os.environ.get("CDS_MODE", "sandbox"))
    assert run(["serve", "--port", "0"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("Error: ")
    assert says in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
