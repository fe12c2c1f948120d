"""``cds-service causality``: the report on a terminal and as JSON."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cds_service import stories
from cds_service.cli.main import run
from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore


@pytest.fixture(scope="module")
def fhir() -> Iterator[str]:
    case = stories.shifted(stories.read("case-1-g-last-follow-up"), datetime.now(UTC))
    quiet = stories.shifted(stories.read("row-pv05-steady"), datetime.now(UTC))
    with serving(FhirStore([*case.resources, *quiet.resources])) as base:
        yield base


def test_the_text_tells_scores_inputs_and_what_is_left(fhir: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["causality", "--fhir", fhir, "--patient", "case1g"]) == 0
    said = capsys.readouterr().out
    for words in (
        "never a verdict",
        "nadir 0.75 x10⁹/L (moderate; CTCAE v5 grade 3, v6 grade 2), approximate, Observation/case1g-anc-4",
        "French method (1985): C3S2B3",
        "alone C1 (C1S2B3): tolerated over 3 days or more, none below 1.5",
        "Naranjo: 7, probable; questions 5, 6, 7, 8, 9 are open",
        "other causes: none recorded; confirm",
        "For the reviewer:",
    ):
        assert words in said


def test_json_and_nothing_else(fhir: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["causality", "--fhir", fhir, "--patient", "case1g", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["french"]["score"] for each in found["episodes"]] == ["C3S2B3", "C1S2B3"]


def test_nothing_to_judge_is_said(fhir: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["causality", "--fhir", fhir, "--patient", "pv05"]) == 0
    assert "there is nothing to judge" in capsys.readouterr().out


def test_nobody_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["causality", "--fhir", "http://127.0.0.1:1/fhir", "--patient", "case1g"]) == 2
    assert capsys.readouterr().err.startswith("Error: medications could not be read from the FHIR server: ")
