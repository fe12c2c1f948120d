"""The kill switch reaches every worker of gunicorn within a second or so, and the way back does."""

import time
from pathlib import Path

import requests

from cds_service.cli.main import run
from tests.hook_call.calls import LOW, PATIENT, chart
from tests.trust.deployed import instance

VIEW = "/cds-services/anakinra-neutropenia-view"
CALLS = 24
"""So many in a row reach both workers, but once in millions of times."""


def statuses(url: str) -> set[int]:
    context = {"userId": "Practitioner/p1", "patientId": PATIENT}
    body = {"hook": "patient-view", "hookInstance": "i", "context": context, "prefetch": chart(neutrophils=LOW)}
    return {requests.post(url + VIEW, json=body, timeout=5).status_code for _ in range(CALLS)}


def test_every_worker_is_off_and_on_again(tmp_path: Path) -> None:
    switches = tmp_path / "switches.toml"
    switches.touch()
    sandbox = {"CDS_MODE": "sandbox", "CDS_CLIENTS": "", "CDS_SWITCHES": str(switches), "CDS_AUDIT": "off"}
    with instance(tmp_path, environ=sandbox | {"CDS_FEEDBACK": "off"}) as url:
        assert statuses(url) == {200}
        for mode, status in (("off", 403), ("active", 200)):
            assert run(["switch", "--file", str(switches), "all", mode]) == 0
            time.sleep(1.1)
            assert statuses(url) == {status}
