"""docs/deploy.md, step by step, with the shipped files: what is in capitals is filled in, nothing else is changed."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
import requests

from cds_service.cli.child_server import free_port
from tests.deploy.load import body
from tests.deploy.shipped import CHECKOUT, DEPLOY
from tests.postgresql import Postgresql
from tests.redis_server import RedisServer
from tests.trust.ehr import PATH

pytestmark = pytest.mark.servers
PROGRAMS = Path(sys.executable).parent
PUBLIC = "https://cds.example.org"
TRY_OUT = f"""
[[client]]
name = "try-out"
issuer = "https://try-out.example.org"
jwks_file = "try-out.json"
audience = "{PUBLIC}"
fhir_servers = []
"""
CONTEXT = {"userId": "Practitioner/1", "patientId": "1"}
WITH_SETTINGS = 'set -a; . "$0"; exec "$@"'


class Machine:
    """A folder in the place of /etc/anakinra-cds, and the programs of this environment in that of /opt/anakinra-cds."""

    def __init__(self, folder: Path, owners_database: str) -> None:
        self.folder = folder
        self.owners_database = owners_database
        self.environment = folder / "environment"
        self.clients = folder / "clients.toml"

    def here(self, text: str) -> str:
        return text.replace("/etc/anakinra-cds", str(self.folder)).replace("/opt/anakinra-cds/bin", str(PROGRAMS))

    def command(self, *words: str) -> list[str]:
        """With the settings of the file, as the guide and systemd read it."""
        return ["/bin/sh", "-c", WITH_SETTINGS, str(self.environment), *words]

    def cds(self, *words: str) -> str:
        done = subprocess.run(self.command(f"{PROGRAMS}/cds-service", *words), capture_output=True, text=True, env=ENV)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


ENV = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")} | {"PYTHONPATH": str(CHECKOUT)}


@pytest.fixture
def machine(tmp_path: Path, postgresql: Postgresql, redis: RedisServer) -> Machine:
    """The files copied and filled in, an empty database, a role that may what the shipped file grants."""
    postgresql.do("CREATE ROLE anakinra_cds LOGIN")
    postgresql.do("CREATE DATABASE anakinra_cds")
    owner = postgresql.url.removesuffix("postgres") + "anakinra_cds"
    with closing(psycopg.connect(owner, autocommit=True)) as connection:
        connection.execute((DEPLOY / "postgresql.sql").read_bytes())
    made = Machine(tmp_path, owner)
    settings = made.here((DEPLOY / "environment").read_text("utf-8"))
    for placeholder, filled in (
        ("FILL-IN-A-KEY", token_hex(32)),
        ("FILL-IN-A-PASSWORD", "none"),
        ("127.0.0.1:5432", f"127.0.0.1:{postgresql.port}"),
        ("redis://127.0.0.1:6379/0", redis.url),
    ):
        assert settings.count(placeholder) == 1
        settings = settings.replace(placeholder, filled)
    made.environment.write_text(settings)
    made.clients.write_text((DEPLOY / "clients.toml").read_text("utf-8") + TRY_OUT)
    (tmp_path / "gunicorn.conf.py").write_text((DEPLOY / "gunicorn.conf.py").read_text("utf-8"))
    return made


def in_the_unit(machine: Machine, name: str, port: int) -> str:
    unit = (DEPLOY / "systemd" / "anakinra-cds@.service").read_text("utf-8")
    (found,) = re.findall(rf"^{name}=(.*)$", unit, re.M)
    return machine.here(found.replace("%i", str(port)))


@contextmanager
def started(machine: Machine, port: int) -> Iterator[None]:
    """As systemd would."""
    metrics = machine.folder / "run"
    first = machine.command(*shlex.split(in_the_unit(machine, "ExecStartPre", port)))
    subprocess.run(first, check=True, env=ENV)
    command = machine.command(*shlex.split(in_the_unit(machine, "ExecStart", port)))
    process = subprocess.Popen(command, env=ENV | {"PROMETHEUS_MULTIPROC_DIR": str(metrics)})
    try:
        subprocess.run(shlex.split(in_the_unit(machine, "ExecStartPost", port)), check=True, env=ENV)
        yield
    finally:
        process.terminate()
        process.wait(60)
    assert process.returncode == 0


def test_from_nothing_to_a_hook_call_and_its_audit(machine: Machine) -> None:
    key = machine.folder / "try-out.pem"
    (machine.folder / "try-out.json").write_text(machine.cds("token", "--new-key", "--key", str(key)))
    assert machine.cds("clients", "check").endswith("clients.toml is right.\n")
    assert "anakinra_cds" in machine.cds("database", "upgrade", "--database", machine.owners_database)
    assert "is up to date" in machine.cds("database", "check")
    port = free_port()
    service = f"http://127.0.0.1:{port}"

    def bearer(path: str) -> dict[str, str]:
        asked = ("--client", "try-out", "--key", str(key), "--url", PUBLIC + path)
        return {"Authorization": f"Bearer {machine.cds('token', *asked).strip()}"}

    with started(machine, port):
        assert requests.get(f"{service}/cds-services", timeout=10).status_code == 401
        listed = requests.get(f"{service}/cds-services", headers=bearer("/cds-services"), timeout=10)
        assert len(listed.json()["services"]) == 3
        answer = requests.post(service + PATH, data=body(), headers=bearer(PATH), timeout=10)
        assert answer.json()["cards"][0]["source"]["topic"]["code"] == "hold-anakinra"
        nothing = {"hook": "patient-view", "hookInstance": "try-out", "context": CONTEXT}
        assert requests.post(service + PATH, json=nothing, headers=bearer(PATH), timeout=10).status_code == 412
        counted = requests.get(f"{service}/metrics", timeout=10).text
        assert re.search(r'cds_calls_total\{client="try-out",.*status="200"\} 1\.0', counted)

    refused, row = json.loads(machine.cds("audit", "--format", "json"))
    assert (refused["client"], refused["status"]) == ("try-out", 412)
    assert (row["client"], row["outcome"]) == ("try-out", "cards")
    assert row["correlation_id"] == answer.headers["X-Correlation-Id"]
