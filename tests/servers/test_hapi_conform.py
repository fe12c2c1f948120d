"""The conformance run on this service, with HAPI as the EHR's FHIR server."""

import json
from pathlib import Path

import pytest

from cds_service.cli.main import run
from cds_service.cli.sandbox_server import service_server
from tests.stories.conftest import Loaded

pytestmark = pytest.mark.hapi


def test_nothing_fails_with_patients_on_hapi(hapi: Loaded, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    with service_server() as service:
        code = run(["conform", service, "--fhir", hapi.base, "--report", str(report)])
    assert code == 0, capsys.readouterr().out
    summary = json.loads(report.read_text("utf-8"))["summary"]
    assert summary["fail"] == 0
    assert summary["pass"] > 100
