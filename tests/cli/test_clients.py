"""``cds-service clients check`` and ``cds-service token``: from a new key to a token that the service takes."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service import create_app
from cds_service.cli.main import run
from cds_service.settings import Settings
from tests.trust.ehr import BASE, HOSPITAL, JWKS, PATH, URL, bearer, write_clients

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CDS_CLIENTS", "CDS_MODE", "WEB_CONCURRENCY", "CDS_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CDS_AUDIT_KEY", "k" * 32)


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    return lambda **changes: str(write_clients(tmp_path / "clients.toml", HOSPITAL | changes))


def test_a_good_file_is_told_client_by_client(file: Callable[..., str], capsys: Captured) -> None:
    assert run(["clients", "check", file(tenant="north", allowed_networks=["10.20.0.0/16"])]) == 0

    assert capsys.readouterr().out.splitlines()[:-1] == [
        "hospital: active, issuer https://ehr.example.org/issuer, tenant north",
        "  tokens for https://cds.example.org/anakinra/cds-services and below, ES384 or RS384",
        "  keys of the file: ec-1 (ES384), rsa-1 (RS384)",
        "  FHIR servers: https://fhir.example.org/r4",
        "  in networks: 10.20.0.0/16",
        "  suggestions: full",
    ]


def test_what_a_client_does_not_get_is_told(file: Callable[..., str], capsys: Captured) -> None:
    codes = {"hold-anakinra": "silent", "renal-dose": "off", "mas-pattern": "active"}
    assert run(["clients", "check", file(codes=codes, repeats={"hours": 8, "days_after_override": 7})]) == 0

    assert capsys.readouterr().out.splitlines()[-4:-1] == [
        "  silent for it: hold-anakinra: WARNING, its cards can be critical",
        "  off for it: renal-dose",
        "  not shown again within: 8 h, 7 days after an override, but critical cards",
    ]


def test_faults_end_with_1(file: Callable[..., str], capsys: Captured) -> None:
    assert run(["clients", "check", file(mode="on", jwks="{")]) == 1
    assert [line.partition(": write")[0] for line in capsys.readouterr().out.splitlines()] == [
        'clients.toml: client "hospital": mode is not as it should be'
    ]


def test_what_else_would_stop_the_start(
    file: Callable[..., str], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDS_CLIENTS", file())
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    monkeypatch.delenv("CDS_AUDIT_KEY")

    assert run(["clients", "check"]) == 1
    told = capsys.readouterr().out
    assert "4 workers cannot share which tokens were used" in told
    assert "CDS_AUDIT_KEY is not set: production needs it" in told


def test_no_file_is_one_line(capsys: Captured) -> None:
    assert run(["clients", "check"]) == 2
    assert capsys.readouterr().err == "Error: No file of clients: name one, or set CDS_CLIENTS (docs/clients.md).\n"


@pytest.mark.parametrize(
    ("fetched", "code", "line"),
    [
        (json.dumps(JWKS), 0, "  keys fetched from https://ehr.example.org/keys: ec-1 (ES384), rsa-1 (RS384)"),
        ('{"keys": []}', 1, "client hospital: keys fetched from https://ehr.example.org/keys: none can be used with"),
        ("[]", 1, "client hospital: keys fetched from https://ehr.example.org/keys: is no key set"),
    ],
)
def test_keys_can_be_asked_for_now(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, fetched: str, code: int, line: str
) -> None:
    client = {name: value for name, value in HOSPITAL.items() if name != "jwks"}
    file = str(write_clients(tmp_path / "clients.toml", client | {"jku": "https://ehr.example.org/keys"}))
    monkeypatch.setattr("cds_service.fhir.key_sets.fetch_key_set", lambda *_: fetched.encode())

    assert run(["clients", "check", file]) == 0
    assert "  keys: fetched from https://ehr.example.org/keys (--fetch asks for them now)" in capsys.readouterr().out
    assert run(["clients", "check", file, "--fetch"]) == code
    assert any(each.startswith(line) for each in capsys.readouterr().out.splitlines())


def test_keys_that_cannot_be_fetched(tmp_path: Path, capsys: Captured) -> None:
    client = {name: value for name, value in HOSPITAL.items() if name != "jwks"}
    file = str(write_clients(tmp_path / "clients.toml", client | {"jku": "https://name.invalid/keys"}))

    assert run(["clients", "check", file, "--fetch"]) == 1
    assert "client hospital: keys fetched from https://name.invalid/keys: it cannot be reached" in (
        capsys.readouterr().out
    )


def test_from_a_new_key_to_a_call_that_is_let_in(tmp_path: Path, capsys: Captured) -> None:
    key = tmp_path / "key.pem"
    assert run(["token", "--new-key", "--key", str(key)]) == 0
    jwks = json.loads(capsys.readouterr().out)
    file = str(write_clients(tmp_path / "clients.toml", HOSPITAL | {"jwks": jwks}))

    assert run(["token", "--client", "hospital", "--clients", file, "--key", str(key), "--url", URL]) == 0
    token = capsys.readouterr().out.strip()

    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    service = create_app(Settings(mode="production", clients=file, audit_key="k" * 32)).test_client()
    assert service.post(PATH, headers=bearer(token)).status_code == 400
    assert service.post(PATH, headers=bearer(token)).status_code == 401


def test_a_new_key_overwrites_nothing(tmp_path: Path, capsys: Captured) -> None:
    key = tmp_path / "key.pem"
    key.write_text("precious")

    assert run(["token", "--new-key", "--key", str(key)]) == 2
    assert "name a new file" in capsys.readouterr().err
    assert key.read_text() == "precious"


def test_keys_that_are_fetched_have_the_kid_of_the_key(tmp_path: Path, capsys: Captured) -> None:
    key = tmp_path / "key.pem"
    run(["token", "--new-key", "--key", str(key)])
    kid = json.loads(capsys.readouterr().out)["keys"][0]["kid"]
    client = {name: value for name, value in HOSPITAL.items() if name != "jwks"}
    file = str(write_clients(tmp_path / "clients.toml", client | {"jku": "https://ehr.example.org/keys"}))

    assert run(["token", "--client", "hospital", "--clients", file, "--key", str(key), "--url", URL]) == 0
    import jwt

    header = jwt.get_unverified_header(capsys.readouterr().out.strip())
    assert header == {"alg": "ES384", "typ": "JWT", "kid": kid, "jku": "https://ehr.example.org/keys"}


WRONG = [
    (["--client", "hospital"], "A token is for one client and one address"),
    (["--url", URL, "--client", "nobody"], "has no client nobody: name one of hospital"),
    (
        ["--url", "https://other.example/cds-services", "--client", "hospital"],
        "does not begin with the client's audience",
    ),
    (["--url", URL, "--client", "hospital"], "Client hospital has no key that belongs to this private key"),
]


@pytest.mark.parametrize(("options", "told"), WRONG)
def test_what_gives_no_token(
    file: Callable[..., str], tmp_path: Path, capsys: Captured, options: list[str], told: str
) -> None:
    key = str(tmp_path / "key.pem")
    run(["token", "--new-key", "--key", key])

    assert run(["token", "--clients", file(), "--key", key, *options]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "Cannot read"),
        (b"x", "holds no private key in PEM"),
        (JWKS, "holds no private key as a JSON Web Key"),
        (JWKS["keys"][0], "holds no private key of a kind that signs here"),
        ({"kty": "RSA", "n": 1}, "holds no private key as a JSON Web Key"),
    ],
)
def test_a_file_that_is_no_key(
    file: Callable[..., str], tmp_path: Path, capsys: Captured, content: object, told: str
) -> None:
    key = tmp_path / "key.pem"
    if content is not None:
        key.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())

    options = ["--client", "hospital", "--clients", file(), "--key", str(key), "--url", f"{BASE}/cds-services"]
    assert run(["token", *options]) == 2
    assert told in capsys.readouterr().err


def test_a_wrong_file_gives_no_token(file: Callable[..., str], tmp_path: Path, capsys: Captured) -> None:
    key = str(tmp_path / "key.pem")
    run(["token", "--new-key", "--key", key])

    assert run(["token", "--client", "x", "--clients", file(mode="on"), "--key", key, "--url", URL]) == 2
    assert "mode is not as it should be" in capsys.readouterr().err
