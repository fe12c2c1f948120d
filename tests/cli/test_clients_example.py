"""The worked example of docs/clients.md, run as it stands: from a new key to the audit of a call."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

import cds_service
from cds_service import stories
from cds_service.ehr.fhir_server import serving
from cds_service.ehr.fhir_store import FhirStore

ROOT = Path(cds_service.__file__).parent.parent
HEADING = "## Try it in five minutes"
PATIENT = "case1b"
# A busy machine may need longer than a reader's, so the test asks instead of waiting.
ASK = "until curl -sf http://127.0.0.1:8000/health/live >/dev/null; do sleep 0.1; done"


def commands() -> str:
    """The blocks of the example, one behind the other; the page's server is on the port of the test."""
    _, _, rest = (ROOT / "docs/clients.md").read_text("utf-8").partition(HEADING)
    blocks = re.findall(r"```sh\n(.*?)```", rest.partition("\n## ")[0], re.DOTALL)
    assert len(blocks) == 3
    script = "\n".join(blocks)
    assert "& sleep 5" in script
    return script.replace("& sleep 5", f"&\n{ASK}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    story = next(each for each in stories.read_all() if each.patient_id == PATIENT)
    moved = stories.shifted(story, datetime.now(UTC))
    script = commands().replace("8000", str(free_port())).replace("--prefetch-only $SIGNED    #", "$QUICK $SIGNED    #")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")}
    folder = tmp_path_factory.mktemp("example")
    command = folder / "cds-service"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m cds_service "$@"\n')
    command.chmod(0o700)
    given = {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    given["QUICK"] = "--prefetch-only --calls 1 --patients 1"
    output = folder / "output"
    with serving(FhirStore(moved.resources)) as fhir, output.open("w") as said:
        shell = subprocess.Popen(
            ["/bin/bash", "-c", script],
            cwd=folder,
            env=kept | given | {"FHIR": fhir},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            shell.wait(90)
        finally:
            with suppress(ProcessLookupError):  # the example ends its server; a test that failed does it here
                os.killpg(shell.pid, signal.SIGTERM)
    return output.read_text("utf-8")


def test_the_file_is_right(printed: str) -> None:
    assert "test-ehr: active, issuer https://ehr.example.org" in printed
    assert "clients.toml is right." in printed


def test_a_token_works_once(printed: str) -> None:
    assert printed.count('{"services":[{"hook":"patient-view"') == 1
    assert printed.count("Authentication is required.") == 1


def test_the_ehr_gets_cards_and_the_audit_says_why(printed: str) -> None:
    cards, _, audit = printed.partition("Authentication is required.")[2].partition("test-ehr")
    assert "You decide." in cards
    assert "anakinra-neutropenia-view" in audit


def test_every_requirement_that_can_be_tried_is_kept(printed: str) -> None:
    assert re.search(r"✓ 1\d\d pass   ✗ 0 fail", printed)
    assert "✓ A token works once" in printed
