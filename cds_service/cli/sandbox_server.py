"""The sandbox's real FHIR R4 server, and the service beside it, both on loopback and both ended with the block.

The FHIR server is the PyPI package ``sekmet-fhir``, in a virtual environment of its own (``.venv-fhir/`` in a
checkout) so that its dependencies never decide ours. What it does and does not, as seen with 0.1.1:

- PUT, POST, transaction Bundles, all or nothing; strict structural validation with fhir.resources R4B, which checks
  shapes and required elements (a dateTime needs seconds and a zone) but no codes: ``status: "bogus"`` is stored.
- Search by ``patient=``, ``code=system|code,...``, ``date=``, ``status=``; ``_sort=-date``; ``_count`` up to 1000,
  20 without it; ``link.next`` with ``_offset``; an unknown parameter is ignored with an OperationOutcome entry
  (``search.mode`` outcome) beside the hits.
- ``meta.lastUpdated`` is always its own: the instant of loading, never what a story says.
- A search without hits is a searchset without ``entry``; a read of an unknown id is a 404 OperationOutcome.
"""

import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cds_service.cli.child_server import HOST, Recipe, running
from cds_service.data_files import PACKAGE
from cds_service.ehr.problems import CannotStart

PYTHON_SETTING = "CDS_FHIR_PYTHON"
_RUN = "from sekmet.cli import app; app()"


@contextmanager
def fhir_server(port: int = 0) -> Iterator[str]:
    """Runs an empty FHIR R4 server; gives its base URL. Its data go with it."""
    python = fhir_python()
    with tempfile.TemporaryDirectory(prefix="cds-fhir-") as name:
        folder = Path(name)

        def command(chosen: int) -> list[str]:
            settings = folder / "settings.yaml"
            settings.write_text(json.dumps(_settings(chosen, folder)), "utf-8")  # JSON is YAML
            return [python, "-c", _RUN, "serve", "--config", str(settings)]

        recipe = Recipe("FHIR server", command, "/fhir/metadata", _environment("SEKMET_"))
        with running(recipe, folder, port) as root:
            yield f"{root}/fhir"


@contextmanager
def service_server(port: int = 0, profile: str = "us", fhir_url: str = "") -> Iterator[str]:
    """Runs the service in sandbox mode, its workbench at ``fhir_url``; gives its base URL.

    The feedback it takes goes with it.
    """

    def command(chosen: int) -> list[str]:
        return [sys.executable, "-m", "cds_service.cli", "serve", "--port", str(chosen), "--profile", profile]

    with tempfile.TemporaryDirectory(prefix="cds-service-") as name:
        settings = {
            "CDS_MODE": "sandbox",
            "CDS_WORKBENCH_FHIR": fhir_url,
            "CDS_DATABASE_URL": f"sqlite:///{Path(name) / 'feedback.sqlite3'}",
        }
        environment = _environment("CDS_") | settings
        recipe = Recipe("CDS service", command, "/cds-services", environment)
        with running(recipe, Path(name), port) as root:
            yield root


def fhir_python() -> str:
    """The Python that has the FHIR server: as set, the checkout's own, or ours if it is installed beside us."""
    named = os.environ.get(PYTHON_SETTING)
    if named:
        return named
    beside = PACKAGE.parent / ".venv-fhir" / "bin" / "python"
    if beside.is_file():
        return str(beside)
    if importlib.util.find_spec("sekmet") is not None:
        return sys.executable
    raise CannotStart(
        "The sandbox FHIR server is not installed: run `make demo` in a checkout, or "
        f"`pip install 'anakinra-cds[sandbox]'`, or set {PYTHON_SETTING} to a Python that has sekmet-fhir."
    )


def _settings(port: int, folder: Path) -> dict[str, object]:
    return {
        "base_url": f"http://{HOST}:{port}/fhir",
        "host": HOST,
        "port": port,
        "data_dir": str(folder / "data"),
        "own_private_key_path": str(folder / "keys" / "private.pem"),
        "simulator": {"enabled": False},
        "validation": {"inbound": "strict"},
        "log_inbound": False,
    }


def _environment(prefix: str) -> dict[str, str]:
    """Our environment without the settings of that server: a demo is the same on every machine."""
    return {key: value for key, value in os.environ.items() if not key.startswith(prefix)}
