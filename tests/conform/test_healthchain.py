"""A run against a service written by others: HealthChain from PyPI. Its known faults must show."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cds_service.cli.child_server import HOST, Recipe, running
from cds_service.conform.verdicts import Outcome
from tests.conform.conftest import quick, told

pytestmark = pytest.mark.servers

ROOT = Path(__file__).resolve().parents[2]
PYTHON_SETTING = "CDS_HEALTHCHAIN_PYTHON"


@pytest.fixture(scope="module")
def healthchain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """HealthChain on a free port, in an environment of its own; gives its base URL."""
    python = Path(os.environ.get(PYTHON_SETTING, ROOT / ".venv-healthchain" / "bin" / "python"))
    if not python.is_file():
        pytest.fail(
            f"There is no {python}: run `make .venv-healthchain/stamp`, or set {PYTHON_SETTING} to a Python "
            "that has requirements/bench.txt."
        )

    def command(port: int) -> list[str]:
        app = "tests.conform.healthchain_peer:app"
        return [str(python), "-m", "uvicorn", "--host", HOST, "--port", str(port), "--app-dir", str(ROOT), app]

    recipe = Recipe("HealthChain server", command, "/cds/cds-discovery", dict(os.environ))
    with running(recipe, tmp_path_factory.mktemp("healthchain")) as root:
        yield root


def test_its_known_faults_show(healthchain: str) -> None:
    run = quick(healthchain)
    failed = told(run, Outcome.FAIL)

    elsewhere = "Discovery answers at /cds/cds-discovery instead of /cds-services; the run goes on with it"
    assert failed["cds-hooks_2.0@4"] == failed["cds-hooks_2.0@5"] == elsewhere
    assert "/cards/0/summary" in failed["cds-hooks_2.0@83"]
    assert (
        "A call with another hook: HTTP 200 with an empty list of cards" in failed["anakinra-cds_1@no-false-all-clear"]
    )
    assert "A body with NaN: HTTP 500" in failed["anakinra-cds_1@malformed-no-5xx"]
    assert "HTTP 422" in failed["anakinra-cds_1@unknown-members"]
    assert set(failed) == {
        "cds-hooks_2.0@4",
        "cds-hooks_2.0@5",
        "cds-hooks_2.0@83",
        "anakinra-cds_1@unknown-members",
        "anakinra-cds_1@refuse-missing-members",
        "anakinra-cds_1@refuse-other-hook",
        "anakinra-cds_1@malformed-no-5xx",
        "anakinra-cds_1@no-false-all-clear",
    }


def test_what_it_does_right_passes(healthchain: str) -> None:
    passed = told(quick(healthchain), Outcome.PASS)

    assert {"cds-hooks_2.0@74", "cds-hooks_2.0@88", "cds-hooks_2.0@90", "cds-hooks_2.0@208"} <= set(passed)
