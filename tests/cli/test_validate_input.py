"""``cds-service validate``: files, pipes, standard input, URLs; what cannot be read is one line and exit code 2."""

import errno
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.cli import payload as reading
from cds_service.cli.main import run
from tests.cli.validating import BAD, GOOD, Captured, refused, stdin
from tests.stub_server import StubServer

# input that cannot be had or read


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "it is empty (line 1, column 1)"),
        (BAD[:30], "(line 2, column"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is binary"),
        (b"<html>", "it is XML or HTML"),
        (b"[" * 5000, "it is nested deeper than"),
    ],
)
def test_what_is_no_json_is_one_line(file: Callable[[bytes], str], capsys: Captured, body: bytes, says: str) -> None:
    assert says in refused([file(body)], capsys)
    assert says in refused([file(body), "--format", "json"], capsys)


def test_files_that_cannot_be_read(tmp_path: Path, capsys: Captured) -> None:
    assert "is a directory: name a file" in refused([str(tmp_path)], capsys)
    assert "cannot be opened (no such file or directory)" in refused([str(tmp_path / "none")], capsys)
    assert "cannot be opened (embedded null byte)" in refused(["a\0b"], capsys)
    assert "cannot be opened" in refused(["http://[x"], capsys)
    assert "is no http or https URL" in refused(["ftp://example.org/x"], capsys)


def test_a_file_without_permission(
    file: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = file(GOOD)

    def denied(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(reading.os, "open", denied)  # root, as whom tests may run, is denied nothing
    assert "cannot be opened (permission denied)" in refused([path], capsys)


def test_more_than_the_limit_is_refused_without_reading_it_all(file: Callable[[bytes], str], capsys: Captured) -> None:
    assert "is larger than 10 bytes: raise --max-bytes" in refused([file(GOOD), "--max-bytes", "10"], capsys)
    assert "is larger than 1000 bytes" in refused(["/dev/zero", "--max-bytes", "1000"], capsys)
    assert run(["validate", file(GOOD), "--max-bytes", str(len(GOOD))]) == 0


def test_a_pipe_is_read_to_its_end(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(GOOD + b" " * 200_000), daemon=True)
    writer.start()
    assert run(["validate", str(path)]) == 0
    writer.join(10)
    assert not writer.is_alive()


def test_a_pipe_nobody_writes_to_does_not_hold_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(reading, "_WRITER_SECONDS", 0.05)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert "nobody wrote" in refused([str(path)], capsys)


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    stdin(monkeypatch, GOOD)
    assert run(["validate", "-"]) == 0
    assert capsys.readouterr().out == "stdin: response, no errors, no warnings, no hints\n"
    stdin(monkeypatch, GOOD).close()
    assert "Standard input cannot be read" in refused(["-"], capsys)
    monkeypatch.setattr(sys, "stdin", None)
    assert "Standard input is closed" in refused(["-"], capsys)


def test_a_url(stub: Callable[..., StubServer], capsys: Captured) -> None:
    server = stub({"/good": (200, GOOD), "/html": (200, "<html>"), "/gone": (410, GOOD), "/big": (200, b" " * 5000)})
    assert run(["validate", f"{server.url}/good"]) == 0
    assert capsys.readouterr().out.startswith(f"{server.url}/good: response")
    assert "it is XML or HTML" in refused([f"{server.url}/html"], capsys)
    assert "answered HTTP 410" in refused([f"{server.url}/gone"], capsys)
    assert "is larger than 1000 bytes" in refused([f"{server.url}/big", "--max-bytes", "1000"], capsys)
    server.close()
    assert "Nobody answers at" in refused([f"{server.url}/good"], capsys)
    assert "must be a URL" in refused(["http://"], capsys)
