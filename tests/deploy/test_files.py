"""The shipped files name only what exists: settings, commands, options of gunicorn, other files."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from gunicorn.config import Config

from cds_service.cli.main import COMMANDS, run
from cds_service.settings import Settings
from cds_service.trust.clients import read_clients
from tests.deploy.shipped import CHECKOUT, DEPLOY

UNIT = DEPLOY / "systemd" / "anakinra-cds@.service"
CONTAINERFILE = DEPLOY / "Containerfile"
COMPOSE = DEPLOY / "compose" / "compose.yaml"
GUIDE = CHECKOUT / "docs" / "deploy.md"
PROCFILE = CHECKOUT / "Procfile"
FILES = [
    *sorted(each for each in DEPLOY.rglob("*") if each.is_file() and "__pycache__" not in each.parts),
    GUIDE,
    PROCFILE,
]
SETTINGS = set(Settings.variables())
COMPOSED: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSED["services"]
OURS = [name for name, each in SERVICES.items() if each["image"] == "anakinra-cds"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_each_setting_and_each_command_exists(file: Path) -> None:
    text = file.read_text("utf-8")

    assert set(re.findall(r"\bCDS_[A-Z_]+\b", text)) <= SETTINGS
    typed = re.findall(r"(?:^|[ /`(])(?:cds-service|cds)[\"']?,? [\"']?([a-z-]+)", text, re.M)
    assert set(typed) <= set(COMMANDS)


def test_the_guide_names_files_that_are_there() -> None:
    named = re.findall(r"(?<![\w/.])deploy/[\w./*@-]*", GUIDE.read_text("utf-8"))

    assert len(set(named)) > 8
    for each in named:
        assert list(CHECKOUT.glob(each.rstrip("./"))), each


def lines_of(file: Path, name: str) -> list[str]:
    """What stands behind ``name=`` in a unit or an environment file."""
    return re.findall(rf"^{name}=(.*)$", file.read_text("utf-8"), re.M)


def gunicorn_of(words: list[str]) -> Any:
    """The settings that gunicorn makes of a command line. Ends the test if it does not know an option."""
    assert words[0].rpartition("/")[2] == "gunicorn"
    parsed = Config().parser().parse_args(words[1:])
    assert parsed.args == ["cds_service:create_app()"]
    return parsed


def run_by_the_image() -> list[str]:
    (words,) = re.findall(r"^CMD \[(.*)\]$", CONTAINERFILE.read_text("utf-8"), re.M)
    return [each.strip().strip('"') for each in words.split(", ")]


def run_by_procfile() -> list[str]:
    words = shlex.split(PROCFILE.read_text("utf-8").removeprefix("web: "))
    return words[words.index("gunicorn") :]


COMMAND_LINES = [
    (shlex.split(lines_of(UNIT, "ExecStart")[0]), "/etc/anakinra-cds/gunicorn.conf.py", "127.0.0.1:%i"),
    (run_by_the_image(), "/etc/anakinra-cds/gunicorn.conf.py", "0.0.0.0:8000"),
    (run_by_procfile(), "deploy/gunicorn.conf.py", "0.0.0.0:$PORT"),
]


@pytest.mark.parametrize(("words", "config", "bind"), COMMAND_LINES, ids=["systemd", "container", "Procfile"])
def test_gunicorn_takes_its_command_line(words: list[str], config: str, bind: str) -> None:
    parsed = gunicorn_of(words)

    assert (parsed.config, parsed.bind, parsed.workers) == (config, [bind], None)


def test_gunicorn_takes_its_settings() -> None:
    config = Config()
    known: dict[str, Any] = {}
    exec(compile((DEPLOY / "gunicorn.conf.py").read_text("utf-8"), "gunicorn.conf.py", "exec"), known)
    for name in known.keys() & config.settings.keys():
        config.set(name, known[name])
    written = {name for name in known if not name.startswith("__")}

    assert written <= config.settings.keys(), "no misspelt setting, which gunicorn would not mention"
    assert config.worker_class_str == "gthread"
    assert config.control_socket_disable
    assert not config.forwarder_headers
    longest = Settings().drain_ms + Settings().deadline_ms
    assert config.graceful_timeout * 1000 > 2 * longest
    (stop,) = lines_of(UNIT, "TimeoutStopSec")
    for each in OURS:
        assert config.graceful_timeout < int(stop) == int(SERVICES[each]["stop_grace_period"].rstrip("s"))


def test_nginx_waits_longer_than_a_hook_call_and_closes_connections_first() -> None:
    text = (DEPLOY / "nginx" / "anakinra-cds.conf").read_text("utf-8")
    limits = dict(re.findall(r"^\s*(proxy_read_timeout|client_max_body_size) (\d+)[sm];", text, re.M))

    assert int(limits["proxy_read_timeout"]) * 1000 > 2 * Settings().deadline_ms
    assert int(limits["client_max_body_size"]) * 1024 * 1024 == Settings().max_body_bytes
    assert "    keepalive_timeout 1s;" in text, "below the 2 s that an ending worker listens to an idle connection"


def test_the_example_clients_are_right() -> None:
    read = read_clients(DEPLOY / "clients.toml")

    assert not read.faults
    assert [each.mode for each in read.tables] == ["silent"]


def test_a_placeholder_that_is_left_stops_the_start(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for line in (DEPLOY / "environment").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            monkeypatch.setenv(*line.split("=", 1))

    assert run(["serve", "--port", "0"]) == 2
    assert "CDS_AUDIT_KEY: use at least 32 characters" in capsys.readouterr().err


def test_compose_names_what_is_there() -> None:
    assert set(COMPOSED) == {"name", "x-instance", "services", "networks", "volumes"}
    made_by_the_site = {"clients.toml", "certificate.pem", "certificate.key"}
    for service in SERVICES.values():
        assert set(service) <= COMPOSE_KEYS
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        assert set(service["networks"]) <= set(COMPOSED["networks"])
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert Path(source).name in made_by_the_site or (COMPOSE.parent / source).is_file()
            else:
                assert source in COMPOSED["volumes"]
    build = SERVICES["one"]["build"]
    assert (COMPOSE.parent / build["context"] / build["dockerfile"]).resolve() == CONTAINERFILE
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text("utf-8")))
    assert asked == set(re.findall(r"^(\w+)=", (DEPLOY / "compose" / "example.env").read_text("utf-8"), re.M))


COMPOSE_KEYS = {
    *("image", "build", "command", "environment", "volumes", "tmpfs", "ports", "networks", "depends_on"),
    *("healthcheck", "restart", "read_only", "cap_drop", "security_opt", "stop_grace_period"),
}


def test_nginx_and_the_instances_agree_on_their_addresses() -> None:
    named = set(re.findall(r"^server (\S+):8000 ", (DEPLOY / "compose" / "instances.conf").read_text("utf-8"), re.M))

    assert named == {SERVICES[each]["networks"]["inside"]["ipv4_address"] for each in ("one", "two")}
    for each in OURS:
        environment = SERVICES[each]["environment"]
        assert SERVICES["postgresql"]["networks"]["inside"]["ipv4_address"] in environment["CDS_DATABASE_URL"]
        assert SERVICES["redis"]["networks"]["inside"]["ipv4_address"] in environment["CDS_REDIS_URL"]


def test_the_image_copies_what_is_there_and_runs_as_nobody() -> None:
    text = CONTAINERFILE.read_text("utf-8")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M)
    ignored = (CHECKOUT / ".dockerignore").read_text("utf-8").splitlines()
    for source in " ".join(copied).split():
        assert (CHECKOUT / source).exists()
        assert f"!{source.split('/')[0]}" in ignored
    for file in re.findall(r"-r (\S+)", text):
        assert (CHECKOUT / file).is_file()
    assert text.count("--require-hashes") == text.count("-r requirements/") == 2
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.M)
    assert "RUN" not in last
    assert "HEALTHCHECK" in last


@pytest.mark.servers
def test_systemd_takes_the_unit_and_finds_little_to_object(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    assert systemd, "systemd-analyze is missing: apt-get install systemd"
    programs = Path(shutil.which("true") or "").parent
    unit = tmp_path / UNIT.name
    # Both programs lie where the guide puts them, which is not here.
    unit.write_text(re.sub(r"/opt/anakinra-cds/bin/[\w-]+", f"{programs}/true", UNIT.read_text("utf-8")))

    def told(*words: str) -> str:
        done = subprocess.run([systemd, *words, str(unit)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    assert told("verify") == ""
    told("security", "--offline=true", "--no-pager", "--threshold=15")
