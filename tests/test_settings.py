"""Settings: their defaults, and one plain line for a wrong one."""

import pytest

from cds_service.errors import SettingsError
from cds_service.settings import load

VARIABLES = ["MODE", "PROFILE", "DEADLINE_MS", "TIME_ZONE", "TRACE", "MAX_BODY_BYTES", "SANDBOX_PUBLIC", "MAX_PAGES"]
VARIABLES += ["FEEDBACK", "FEEDBACK_COMMENTS", "DATABASE_URL"]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(f"CDS_{name}", raising=False)


def test_defaults_are_a_sandbox_for_this_machine_only():
    settings = load()

    assert (settings.mode, settings.sandbox, settings.sandbox_public, settings.tracing) == (
        "sandbox",
        True,
        False,
        True,
    )
    assert (settings.profile, settings.deadline_ms, str(settings.zone)) == ("us", 1500, "UTC")
    assert settings.max_body_bytes == 10 * 1024 * 1024
    assert (settings.feedback, settings.feedback_comments, settings.database_url) == ("on", "off", "")


@pytest.mark.parametrize(
    ("mode", "trace", "tracing"),
    [
        ("sandbox", None, True),
        ("sandbox", "off", False),
        ("production", None, False),
        ("production", "on", True),
    ],
)
def test_tracing_follows_the_mode_unless_set(monkeypatch, mode, trace, tracing):
    monkeypatch.setenv("CDS_MODE", mode)
    if trace:
        monkeypatch.setenv("CDS_TRACE", trace)

    assert load().tracing is tracing


def test_the_environment_is_read(monkeypatch):
    monkeypatch.setenv("CDS_PROFILE", "eu")
    monkeypatch.setenv("CDS_TIME_ZONE", "Europe/Paris")
    monkeypatch.setenv("CDS_SANDBOX_PUBLIC", "1")

    settings = load()

    assert (settings.profile, settings.zone.key, settings.sandbox_public) == ("eu", "Europe/Paris", True)
    assert load(profile="us").profile == "us"


WRONG = [
    ("CDS_FEEDBACK", "yes", "CDS_FEEDBACK: use on or off"),
    ("CDS_FEEDBACK_COMMENTS", "1", "CDS_FEEDBACK_COMMENTS: use on or off"),
    ("CDS_DATABASE_URL", "/var/lib/x", "CDS_DATABASE_URL: use a URL such as sqlite:////var/lib"),
    ("CDS_DATABASE_URL", "mysql://u:secret@h/db", "CDS_DATABASE_URL: use a URL such as sqlite:////var/lib"),
    ("CDS_MODE", "prod", "CDS_MODE: use sandbox or production"),
    ("CDS_PROFILE", "uk", "CDS_PROFILE: use us or eu"),
    ("CDS_TRACE", "yes", "CDS_TRACE: use on or off"),
    ("CDS_DEADLINE_MS", "soon", "CDS_DEADLINE_MS: use a whole number"),
    ("CDS_DEADLINE_MS", "0", "CDS_DEADLINE_MS: use a whole number >= 50"),
    ("CDS_SANDBOX_PUBLIC", "maybe", "CDS_SANDBOX_PUBLIC: use true or false"),
    ("CDS_TIME_ZONE", "Mars/Base", "CDS_TIME_ZONE: use a time zone name such as Europe/Paris"),
    ("CDS_TIME_ZONE", "../../etc/passwd", "CDS_TIME_ZONE: use a time zone name such as Europe/Paris"),
    ("CDS_CA_BUNDLE", "/no/such/file.pem", "CDS_CA_BUNDLE: name a file that can be read and holds certificates in PEM"),
    ("CDS_CA_BUNDLE", __file__, "CDS_CA_BUNDLE: name a file that can be read and holds certificates in PEM form"),
    ("CDS_HTTPS_PROXY", "proxy:3128", "CDS_HTTPS_PROXY: use http://host:port, without a user name"),
    ("CDS_HTTPS_PROXY", "http://me:secret@proxy:3128", "CDS_HTTPS_PROXY: use http://host:port, without a user name"),
    ("CDS_HTTPS_PROXY", "socks5://proxy:1080", "CDS_HTTPS_PROXY: use http://host:port, without a user name"),
    ("CDS_MAX_BODY_BYTES", "-1", "CDS_MAX_BODY_BYTES: use a whole number >= 1024"),
]


@pytest.mark.parametrize(("variable", "value", "told"), WRONG)
def test_a_wrong_setting_is_one_line_naming_the_variable(monkeypatch, variable, value, told):
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as refusal:
        load()

    assert str(refusal.value).startswith(told)
    assert "\n" not in str(refusal.value)
    assert "pydantic" not in str(refusal.value)
