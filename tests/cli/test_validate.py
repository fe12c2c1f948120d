"""``cds-service validate``: any input gets an answer; formats, and exit codes 0, 1 and 2."""

import errno
import io
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.cli import payload as reading
from cds_service.cli.main import run
from tests.corpus import CORPUS, SANDBOX
from tests.stub_server import StubServer

Captured = pytest.CaptureFixture[str]
GOOD = b'{"cards": []}'
BAD = b'{"cards": [\n  {"summary": "x", "source": {"label": "y"}}\n]}'


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], str]:
    def written(body: bytes) -> str:
        path = tmp_path / "payload.json"
        path.write_bytes(body)
        return str(path)

    return written


def refused(arguments: list[str], capsys: Captured) -> str:
    """Runs ``validate``; its one line of refusal."""
    assert run(["validate", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (GOOD, 0),
        (BAD, 1),
        (b'\xef\xbb\xbf{"cards": []}', 0),
        (b'{"cards": [], "cards": []}', 1),
        (b"{}", 1),
        (b"[]", 1),
    ],
)
def test_the_exit_code_is_1_only_for_an_error(file: Callable[[bytes], str], body: bytes, code: int) -> None:
    assert run(["validate", file(body)]) == code


def test_a_finding_is_where_how_bad_which_rule_what_and_how(file: Callable[[bytes], str], capsys: Captured) -> None:
    path = file(BAD)
    assert run(["validate", path]) == 1
    printed = capsys.readouterr().out
    assert f"{path}:2:3  error  cds-hooks_2.0@88\n    /cards/0: indicator is missing.\n    Fix: Send info" in printed
    assert printed.endswith(f"{path}: response, 1 error, no warnings, 2 hints\n")


def test_findings_that_are_alike_are_printed_once(file: Callable[[bytes], str], capsys: Captured) -> None:
    card = {"uuid": "u", "summary": "x", "indicator": "nope", "source": {"label": "y"}}
    body = json.dumps({"cards": [card | {"uuid": f"{n:08}-0000-4000-8000-000000000000"} for n in range(30)]})
    run(["validate", file(body.encode())])
    printed = capsys.readouterr().out
    assert printed.count("indicator is not info, warning or critical. (and at 29 more places like it)") == 1
    assert "response, 30 errors, no warnings, 30 hints" in printed


def test_json_is_the_findings_and_nothing_else(file: Callable[[bytes], str], capsys: Captured) -> None:
    assert run(["validate", file(BAD), "--format", "json"]) == 1
    said = capsys.readouterr()
    findings = json.loads(said.out)["findings"]
    assert list(json.loads(said.out)) == ["findings"]
    assert list(findings[0]) == ["severity", "pointer", "line", "column", "requirement", "message", "fix"]
    assert (findings[0]["severity"], findings[0]["pointer"], findings[0]["line"]) == ("error", "/cards/0", 2)
    assert said.err == ""


def test_sarif_names_the_file_relative_to_where_it_was_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "r.json").write_bytes(BAD)
    for named in ("a b/r.json", str(tmp_path / "a b" / "r.json")):
        assert run(["validate", named, "--format", "sarif"]) == 1
        result = json.loads(capsys.readouterr().out)["runs"][0]["results"][0]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/r.json"


def test_sarif_names_a_file_elsewhere_and_a_url_whole(
    tmp_path: Path, file: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    path = file(BAD)
    run(["validate", path, "--format", "sarif"])
    assert json.loads(capsys.readouterr().out)["runs"][0]["artifacts"][0]["location"]["uri"] == f"file://{path}"
    stdin(monkeypatch, BAD)
    run(["validate", "-", "--format", "sarif"])
    assert json.loads(capsys.readouterr().out)["runs"][0]["artifacts"][0]["location"]["uri"] == "stdin"


def test_the_request_beside_a_response(file: Callable[[bytes], str], tmp_path: Path, capsys: Captured) -> None:
    delete = {"type": "delete", "description": "x", "resourceId": "MedicationRequest/nobodys"}
    suggestion = {"label": "x", "actions": [delete]}
    card = {
        "summary": "x",
        "indicator": "info",
        "source": {"label": "y"},
        "suggestions": [suggestion],
        "selectionBehavior": "any",
    }
    path = file(json.dumps({"cards": [card]}).encode())
    asked = str(CORPUS / "tricky" / "sandbox-order-select-drug.json")
    assert run(["validate", path, "--request", asked]) == 0
    assert "There is no such order in the request's draftOrders." in capsys.readouterr().out
    assert "cannot be opened" in refused([path, "--request", str(tmp_path / "none")], capsys)


def test_the_crd_profile(file: Callable[[bytes], str]) -> None:
    card = {"summary": "x", "indicator": "info", "source": {"label": "y"}}
    path = file(json.dumps(card).encode())
    assert run(["validate", path, "--kind", "card"]) == 0
    assert run(["validate", path, "--kind", "card", "--profile", "crd"]) == 1


@pytest.mark.parametrize("path", SANDBOX, ids=lambda path: path.stem)
def test_what_real_clients_sent_is_no_error(path: Path) -> None:
    assert run(["validate", str(path)]) == 0


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
    writer = threading.Thread(target=lambda: path.write_bytes(GOOD + b" " * 200_000))
    writer.start()
    assert run(["validate", str(path)]) == 0
    writer.join()


def test_a_pipe_nobody_writes_to_does_not_hold_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(reading, "_WRITER_SECONDS", 0.05)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert "nobody wrote" in refused([str(path)], capsys)


def stdin(monkeypatch: pytest.MonkeyPatch, body: bytes) -> io.TextIOWrapper:
    wrapped = io.TextIOWrapper(io.BytesIO(body))
    monkeypatch.setattr(sys, "stdin", wrapped)
    return wrapped


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
