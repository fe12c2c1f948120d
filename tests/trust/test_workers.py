"""How many workers there will be: what gunicorn was told, and what follows where nobody can know."""

import sys
from pathlib import Path

import pytest
import requests

import cds_service
from cds_service.trust.start import planned_workers
from tests.trust.deployed import instance
from tests.trust.ehr import HOSPITAL, PATH, token_for, write_clients

ROOT = Path(cds_service.__file__).parent.parent


def test_workers_that_only_a_configuration_file_knows_let_nobody_in_without_redis(tmp_path: Path) -> None:
    (tmp_path / "gunicorn.conf.py").write_text("workers = 2\n")
    clients = write_clients(tmp_path / "clients.toml", HOSPITAL)

    with instance(clients, options=("--config", str(tmp_path / "gunicorn.conf.py"))) as url:
        answer = requests.post(url + PATH, data=b"{}", headers=token_for(), timeout=10)

    assert answer.status_code == 503
    assert "CDS_REDIS_URL" in answer.text


WORKERS = [
    (["gunicorn"], {}, 1),
    (["/usr/bin/gunicorn", "-w", "3", "app"], {}, 3),
    (["gunicorn", "--workers=5"], {"GUNICORN_CMD_ARGS": "-w 2"}, 5),
    (["gunicorn"], {"GUNICORN_CMD_ARGS": "--threads 8 -w2", "WEB_CONCURRENCY": "7"}, 2),
    (["gunicorn"], {"WEB_CONCURRENCY": "7"}, 7),
    (["gunicorn", "-w"], {"WEB_CONCURRENCY": "x"}, 1),
    (["pytest", "-w", "3"], {}, 1),
]


@pytest.mark.parametrize(("typed", "environment", "workers"), WORKERS)
def test_how_many_workers_gunicorn_was_told(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], environment: dict[str, str], workers: int
) -> None:
    monkeypatch.setattr(sys, "argv", typed)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert planned_workers() == workers


def test_the_procfile_tells_its_workers() -> None:
    """As a shell runs it: more than one worker, so that without Redis it refuses, and does not forget tokens."""
    (line,) = (ROOT / "Procfile").read_text().splitlines()

    assert "WEB_CONCURRENCY=${WEB_CONCURRENCY:-2} gunicorn" in line
    assert "--workers" not in line
