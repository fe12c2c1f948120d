"""``cds-service evidence``: what needs checking, and the exit code once a review date has passed."""

import json

import pytest

from cds_service.cli.main import run


def test_nothing_is_late_and_the_unchecked_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "--today", "2026-11-27"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Past its review date: nothing\n")
    assert "source ACR21 [ACR21]: Onel KB" in said
    assert "cards/sources.toml; to be checked by a rheumatologist, by 2027-05-22" in said
    assert "The whole register" not in said


def test_a_passed_review_date_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "--today", "2027-05-23"]) == 1
    assert "card hold-anakinra [S2]" in capsys.readouterr().out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "--today", "2026-11-27", "--format", "json", "--all"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["overdue"] == []
    assert {"kind", "name", "says", "sources", "verified", "toCheck", "reviewBy", "place"} == set(found["entries"][0])
    assert len(found["entries"]) > len(found["unverified"]) > 20


def test_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "--today", "2026-11-27", "--all"]) == 0
    assert "threshold anc_low [KIN-EU]: 1.5 10*9/L: neutropenia" in capsys.readouterr().out
