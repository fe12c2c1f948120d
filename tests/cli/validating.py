"""Payloads to validate, and how the command refuses what it cannot read."""

import io
import sys

import pytest

from cds_service.cli.main import run

Captured = pytest.CaptureFixture[str]
GOOD = b'{"cards": []}'
BAD = b'{"cards": [\n  {"summary": "x", "source": {"label": "y"}}\n]}'


def refused(arguments: list[str], capsys: Captured) -> str:
    """Runs ``validate``; its one line of refusal."""
    assert run(["validate", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1
    return said.err


def stdin(monkeypatch: pytest.MonkeyPatch, body: bytes) -> io.TextIOWrapper:
    wrapped = io.TextIOWrapper(io.BytesIO(body))
    monkeypatch.setattr(sys, "stdin", wrapped)
    return wrapped
