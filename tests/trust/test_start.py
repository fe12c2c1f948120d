"""What refuses to start: exit code not 0, one line, with the fix. By the factory, the command line and gunicorn."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cds_service
from cds_service.settings import Settings, load
from cds_service.trust.clients import read_clients
from cds_service.trust.start import refusals_of
from cds_service.web.start import NotStarted
from tests.trust.ehr import HOSPITAL, write_clients

FILE = "clients.toml"
ROOT = Path(cds_service.__file__).parent.parent
PRODUCTION = {"CDS_MODE": "production", "CDS_CLIENTS": FILE}
SHARED = PRODUCTION | {"CDS_REDIS_URL": "redis://127.0.0.1:1/0"}
SANDBOX_ISSUER = {"issuer": "https://sandbox.cds-hooks.org"}
SANDBOX_KEYS = {"jku": "https://sandbox.cds-hooks.org/.well-known/jwks.json"}

# The environment, what differs in the client, and what is said.
REFUSED: list[tuple[dict[str, str], dict[str, Any], str]] = [
    ({"CDS_MODE": "production"}, {}, "it needs configured clients. Set CDS_CLIENTS to the file"),
    (PRODUCTION | {"CDS_CLIENTS": "no.toml"}, {}, "no.toml: cannot be read (No such file or directory)"),
    (PRODUCTION | {"CDS_CLIENTS": "."}, {}, "cannot be read (Is a directory): correct CDS_CLIENTS"),
    (PRODUCTION | {"CDS_CLIENTS": "/dev/null"}, {}, "null: no client: write a [[client]] for each EHR"),
    (PRODUCTION | {"CDS_CLIENTS": "/dev/zero"}, {}, "zero: larger than 1048576 bytes"),
    (PRODUCTION, {"jwks": None, "jwks_file": "."}, "jwks_file cannot be read (Is a directory)"),
    (PRODUCTION | {"CDS_AUDIT_KEY": ""}, {}, "CDS_AUDIT_KEY is not set: production needs it"),
    (PRODUCTION | {"CDS_AUDIT": "off"}, {}, "CDS_AUDIT=off is for a sandbox"),
    (PRODUCTION, {"mode": "on"}, 'client "hospital": mode is not as it should be: write active, silent or off'),
    (PRODUCTION, SANDBOX_ISSUER, "issuer is the public CDS Hooks sandbox"),
    (PRODUCTION, SANDBOX_KEYS, "jku is the public CDS Hooks sandbox's"),
    (PRODUCTION, {"fhir_servers": ["http://fhir.example.org/r4"]}, "fhir_servers, entry 1, is not https"),
    (PRODUCTION | {"CDS_SANDBOX_PUBLIC": "1"}, {}, "CDS_SANDBOX_PUBLIC is for CDS_MODE=sandbox only: unset it"),
    ({"CDS_MODE": "sandbox", "CDS_CLIENTS": FILE}, {}, "CDS_MODE=sandbox authenticates nobody"),
    ({"CDS_CLIENTS": FILE}, {}, "CDS_MODE=sandbox authenticates nobody"),
    (PRODUCTION | {"CDS_WORKERS": "2"}, {}, "2 workers cannot share which tokens were used: set CDS_REDIS_URL"),
    (PRODUCTION | {"WEB_CONCURRENCY": "4"}, {}, "4 workers cannot share which tokens were used"),
    (PRODUCTION | {"GUNICORN_CMD_ARGS": "--workers 3"}, {}, "3 workers cannot share which tokens were used"),
    (PRODUCTION | {"GUNICORN_CMD_ARGS": "-w 3 '"}, {}, "3 workers cannot share which tokens were used"),
    (
        PRODUCTION | {"CDS_INSTANCES": "2", "CDS_DATABASE_URL": "postgresql://db/cds"},
        {},
        "2 instances cannot share which tokens were used: set CDS_REDIS_URL",
    ),
    (
        PRODUCTION | {"CDS_INSTANCES": "2", "CDS_REDIS_URL": "redis://r/0"},
        {},
        "2 instances cannot share a SQLite file: set CDS_DATABASE_URL",
    ),
    (
        PRODUCTION | {"CDS_INSTANCES": "2", "CDS_REDIS_URL": "redis://r/0", "CDS_DATABASE_URL": "sqlite:////x/y"},
        {},
        "2 instances cannot share a SQLite file",
    ),
    (PRODUCTION | {"CDS_INSTANCES": "0"}, {}, "CDS_INSTANCES: use a whole number >= 1"),
    (PRODUCTION | {"CDS_WORKERS": "many"}, {}, "CDS_WORKERS: use a whole number"),
    (PRODUCTION | {"CDS_REDIS_URL": "http://r/0"}, {}, "CDS_REDIS_URL: use a URL such as redis://127.0.0.1:6379/0"),
    (PRODUCTION | {"CDS_REDIS_URL": "redis://r:x/0"}, {}, "CDS_REDIS_URL: use a URL such as redis://127.0.0.1:6379/0"),
]


@pytest.mark.parametrize(("environment", "client", "told"), REFUSED)
def test_the_application_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], client: dict[str, Any], told: str
) -> None:
    write_clients(tmp_path / FILE, {name: each for name, each in (HOSPITAL | client).items() if each is not None})
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(NotStarted) as refused:
        cds_service.create_app()

    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def run(folder: Path, code: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")}
    path = {"PYTHONPATH": str(ROOT), "CDS_AUDIT_KEY": "k" * 32}
    command = [sys.executable, *code]
    return subprocess.run(
        command, cwd=folder, env=kept | path | environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(("environment", "client", "told"), [REFUSED[0], REFUSED[8], REFUSED[15]])
def test_the_command_line_ends_with_2_and_one_line(
    tmp_path: Path, environment: dict[str, str], client: dict[str, Any], told: str
) -> None:
    write_clients(tmp_path / FILE, HOSPITAL | client)

    done = run(tmp_path, ["-m", "cds_service.cli", "serve", "--port", "0"], environment)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


@pytest.mark.parametrize(
    ("options", "environment", "client", "told"),
    [
        ([], PRODUCTION, {"mode": "on"}, "mode is not as it should be: write active, silent or off"),
        (["--workers", "2"], PRODUCTION, {}, "2 workers cannot share which tokens were used"),
        (["-w2", "--preload"], PRODUCTION, {}, "2 workers cannot share which tokens were used"),
        (["-w4", "--threads", "2"], SHARED, {"mode": "on"}, "mode is not as it should be: write active, silent or off"),
        (["-w4"], SHARED | {"CDS_AUDIT_KEY": ""}, {}, "CDS_AUDIT_KEY is not set: production needs it"),
    ],
)
def test_gunicorn_stops_and_says_why(
    tmp_path: Path, options: list[str], environment: dict[str, str], client: dict[str, Any], told: str
) -> None:
    """Several workers find the same fault at the same time, and gunicorn prints a traceback for a second one."""
    write_clients(tmp_path / FILE, HOSPITAL | client)
    arguments = ["gunicorn", "--bind", "127.0.0.1:0", *options, "--no-control-socket", "cds_service:create_app()"]
    code = f"import sys; sys.argv = {arguments!r}; from gunicorn.app.wsgiapp import run; run()"

    done = run(tmp_path, ["-c", code], environment)

    assert done.returncode != 0
    assert done.stderr.count(told) == 1
    assert "Traceback" not in done.stderr


def test_the_procfile_refuses_in_one_line() -> None:
    line = (ROOT / "Procfile").read_text().removeprefix("web: ").strip()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")}
    found = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PORT": "0", "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=ROOT, env=kept | found, capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode != 0
    assert done.stderr.count("CDS_MODE=production cannot start: it needs configured clients.") == 1
    assert "Traceback" not in done.stderr


def test_a_pipe_nobody_writes_to_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert read_clients(tmp_path / "pipe").faults == ("pipe: no client: write a [[client]] for each EHR that may call",)


STARTS = [
    {},
    {"CDS_WORKERS": "4", "CDS_REDIS_URL": "redis://127.0.0.1:1/0"},
    {"CDS_INSTANCES": "2", "CDS_REDIS_URL": "redis://127.0.0.1:1/0", "CDS_DATABASE_URL": "postgresql://db/cds"},
    {"CDS_WORKERS": "1", "WEB_CONCURRENCY": "4"},
]


@pytest.mark.parametrize("environment", STARTS)
def test_what_starts(clients_file: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert cds_service.create_app(load(mode="production", clients=str(clients_file)))


def test_a_sandbox_has_nothing_to_refuse() -> None:
    assert list(refusals_of(Settings(workers=8, instances=3))) == []
