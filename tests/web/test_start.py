"""How the service starts, and how it says that it does not."""

import os
import subprocess
import sys

import pytest
from gunicorn.errors import AppImportError

import cds_service
from cds_service.errors import CdsError, SettingsError
from cds_service.settings import Settings
from cds_service.web.start import NotStarted


def run(code, **environ):
    env = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")} | environ
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)


def test_importing_the_package_is_light():
    code = "import sys, cds_service; print(*(m for m in ('flask', 'pydantic', 'msgspec') if m in sys.modules))"

    assert run(code).stdout == "\n"


def test_production_is_refused(monkeypatch):
    monkeypatch.setenv("CDS_MODE", "production")

    with pytest.raises(NotStarted, match="needs configured clients"):
        cds_service.create_app()
    with pytest.raises(SettingsError, match="needs configured clients"):
        cds_service.create_app(Settings())


def test_a_refused_start_is_one_line_to_gunicorn_and_to_the_command_line():
    refused = NotStarted("CDS_PROFILE: use us or eu")

    assert isinstance(refused, AppImportError)
    assert isinstance(refused, CdsError)
    assert str(refused) == "CDS_PROFILE: use us or eu"


def test_gunicorn_in_production_mode_stops_with_one_plain_line():
    arguments = ["gunicorn", "--bind", "127.0.0.1:0", "--no-control-socket", "cds_service:create_app()"]
    code = f"import sys; sys.argv = {arguments!r}; from gunicorn.app.wsgiapp import run; run()"

    done = run(code, CDS_MODE="production")

    assert done.returncode == 4
    assert "CDS_MODE=production cannot start: it needs configured clients" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_application_starts_from_the_environment(stand_in, monkeypatch):
    monkeypatch.delenv("CDS_MODE", raising=False)

    assert cds_service.create_app().test_client().get("/health/ready").status_code == 200


def test_the_application_starts_with_given_settings(stand_in):
    assert cds_service.create_app(Settings()).test_client().get("/health/ready").status_code == 200


def test_the_package_runs_as_the_command_line():
    done = subprocess.run([sys.executable, "-m", "cds_service", "--help"], capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "cds-service" in done.stdout
