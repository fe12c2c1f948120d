"""``cds-service validate``: findings in each format, and exit codes 0 and 1."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.cli.main import run
from tests.cli.validating import BAD, GOOD, Captured, refused, stdin
from tests.corpus import CORPUS, SANDBOX


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
