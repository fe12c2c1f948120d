"""An installed service works anywhere: the wheel carries the cards and the stories, and needs no checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from cds_service import stories
from cds_service.contract.schemas import documents
from cds_service.data_files import cards_folder
from supply.sbom import SBOM

CHECKOUT = cards_folder().parent
READ_ALL = """
from cds_service import create_app, data_files, stories
folder = data_files.cards_folder()
assert folder.parent.name == "_data", folder
services = create_app().test_client().get("/cds-services").json["services"]
schemas = create_app().test_client().get("/schemas").json["schemas"]
print(len(services), len(stories.names()), len(list(folder.glob("*.toml"))), len(schemas))
"""


def done(command: list[str], **options: object) -> str:
    finished = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.slow
def test_the_wheel_works_without_the_checkout(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    done([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(CHECKOUT)])
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("cards", "fhir_fixtures"):
        ours = {f"cds_service/_data/{file.relative_to(CHECKOUT)}" for file in (CHECKOUT / folder).rglob("*.*")}
        assert ours <= packed
    (bill,) = (name for name in packed if name.endswith(".dist-info/sboms/sbom.cdx.json"))
    assert zipfile.ZipFile(wheel).read(bill) == SBOM.read_bytes()

    done([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")])
    python = tmp_path / "venv" / "bin" / "python"
    done([*pip, "--python", str(python), "install", "--no-deps", str(wheel)])
    # The dependencies are borrowed from here, so that the test needs no network; our own package is not among them,
    # because a checkout is installed by a .pth file, which PYTHONPATH does not read.
    elsewhere = {
        "cwd": tmp_path,
        "env": {"PYTHONPATH": sysconfig.get_path("purelib"), "PATH": os.environ["PATH"], "CDS_MODE": "sandbox"},
    }
    assert "demo" in done([str(python.with_name("cds-service")), "--help"], **elsewhere)
    cards = len(list(cards_folder().glob("*.toml")))
    assert done([str(python), "-c", READ_ALL], **elsewhere).split() == [
        "3",
        str(len(stories.names())),
        str(cards),
        str(len(documents())),
    ]
