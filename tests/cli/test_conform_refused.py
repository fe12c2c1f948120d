"""``cds-service conform``: what a user may get wrong is one line and exit code 2."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.cli.child_server import free_port
from cds_service.cli.main import run
from tests.conform.good_service import GoodService
from tests.stub_server import StubServer

Captured = pytest.CaptureFixture[str]
NOBODY = f"http://127.0.0.1:{free_port()}"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Missing argument 'BASE_URL'"),
        ([NOBODY], f"{NOBODY}: nobody answers. Is the service running? Check BASE_URL."),
        (["example.org"], "BASE_URL must be a URL such as http"),
        (["http://me:mine@127.0.0.1:9"], "BASE_URL must not have a user name or a password in it: use --token."),
        ([NOBODY, "--report", "x.pdf"], "--report x.pdf: name a file that ends in .html, .json, .xml."),
        ([NOBODY, "--profile", "1.0"], "'1.0' is not one of '2.0', '3.0-ballot', 'crd'"),
        ([NOBODY, "--timeout", "0"], "0.0 is not in the range"),
        ([NOBODY, "--request", "nowhere.json"], "--request nowhere.json: No such file or directory."),
        ([NOBODY, "--fhir", NOBODY], "Nobody answers at"),
        ([NOBODY, "--token", "two words"], "A token must be one word of plain characters, without white space."),
        ([NOBODY, "--fhir-token", "a\r\nX: b"], "A token must be one word"),
    ],
)
def test_one_line_and_exit_2(arguments: list[str], says: str, capsys: Captured) -> None:
    assert run(["conform", *arguments]) == 2
    captured = capsys.readouterr()
    assert says in captured.err.strip().splitlines()[-1]
    assert captured.out == ""


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"hook": "patient-view"}', '{"hook": 1, "context": {}}'])
def test_a_request_that_is_none(text: str, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "request.json"
    file.write_text(text)

    assert run(["conform", NOBODY, "--request", str(file)]) == 2
    assert f"--request {file}" in capsys.readouterr().err


def test_a_fhir_server_without_patients(
    serve: Callable[..., GoodService], stub: Callable[..., StubServer], capsys: Captured
) -> None:
    assert run(["conform", serve().url, "--fhir", stub().url]) == 2
    assert "lists no patient (HTTP 404" in capsys.readouterr().err
