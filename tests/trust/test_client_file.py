"""Every fault of the clients' file: one line with the file, the client, the member and the fix."""

import json
from pathlib import Path
from typing import Any

import pytest

from cds_service import create_app
from cds_service.errors import SettingsError
from cds_service.settings import Settings
from cds_service.trust.client_table import WRITE, ClientTable
from cds_service.trust.clients import read_clients
from cds_service.trust.sign import public_jwk
from tests.trust.ehr import EC_KEY, HOSPITAL, JWKS, write_clients

OCT = {"keys": [{"kty": "oct", "kid": "1", "k": "AAAA"}]}
PRIVATE = {"keys": [public_jwk(EC_KEY, "1") | {"d": "AAAA"}]}
NO_KID = {"keys": [{name: value for name, value in public_jwk(EC_KEY).items() if name != "kid"}]}
SHORT_RSA = {"keys": [{"kty": "RSA", "kid": "1", "e": "AQAB", "n": "y" * 171}]}
P256_ONLY = {"keys": [JWKS["keys"][2]]}
GONE: Any = ...

# What is changed in a good client, and what is said of it.
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"name": GONE}, "client number 1: name is missing: write 1 to 64 letters"),
    ({"name": "a b"}, 'client "a b": name is not as it should be: write 1 to 64 letters'),
    ({"name": "sandbox"}, 'client "sandbox": name "sandbox" is kept for sandbox mode'),
    ({"issuer": GONE}, "issuer is missing: write the iss"),
    ({"issuer": ""}, "issuer is not as it should be: write the iss"),
    ({"issuer": 7}, "issuer is not as it should be: write the iss"),
    ({"issuer": "https://sandbox.cds-hooks.org"}, "issuer is the public CDS Hooks sandbox"),
    ({"issuer": "https://SANDBOX.cds-hooks.org/"}, "issuer is the public CDS Hooks sandbox"),
    ({"issuer": "sandbox.cds-hooks.org"}, "issuer is the public CDS Hooks sandbox"),
    ({"isuer": "x"}, "isuer is no setting: use name, issuer, audience"),
    ({"audience": GONE}, "audience is missing: write the public base URL"),
    ({"audience": "http://cds.example.org"}, "audience is not https"),
    ({"audience": "https://cds.example.org/?a=1"}, "audience is not https, or holds a query"),
    ({"audience": "cds.example.org"}, "audience does not begin with https://"),
    ({"jwks": GONE}, "keys are missing: write jwks, jwks_file or jku"),
    ({"jwks": "{"}, "jwks is no JSON: paste the client's public keys"),
    ({"jwks": {}}, "jwks is no key set"),
    ({"jwks": {"keys": []}}, "jwks holds no key for ES384 or RS384"),
    ({"jwks": OCT}, "jwks: key 1 holds a private or a shared secret key"),
    ({"jwks": PRIVATE}, "jwks: key 1 holds a private or a shared secret key"),
    ({"jwks": NO_KID}, "jwks: key 1 has no kid"),
    ({"jwks": SHORT_RSA}, "jwks: key 1 is too short: use RSA keys of 2048 bits"),
    ({"jwks": {"keys": [{"kty": "EC", "crv": "P-384", "kid": "1"}]}}, "jwks: key 1 cannot be read"),
    ({"jwks": {"keys": [{"kty": "OKP", "kid": "1"}]}}, "jwks: key 1 is of no kind that is read here"),
    ({"jwks": {"keys": [public_jwk(EC_KEY, "1") | {"alg": "ES256"}]}}, "jwks: key 1 has an alg that does not fit"),
    ({"jwks": P256_ONLY}, "jwks holds no key for ES384 or RS384"),
    ({"jwks_file": "keys.json"}, "jwks and jwks_file are both there: keep one"),
    ({"jwks": GONE, "jwks_file": "no.json"}, "jwks_file cannot be read (No such file or directory)"),
    ({"jwks": GONE, "jku": "http://ehr.example.org/jwks"}, "jku is not https"),
    ({"jku": "https://sandbox.cds-hooks.org/.well-known/jwks.json"}, "jku is the public CDS Hooks sandbox's"),
    ({"jwks": GONE, "jku": "https://169.254.169.254/jwks"}, "jku names"),
    ({"algorithms": []}, "algorithms is not as it should be"),
    ({"algorithms": ["none"]}, "algorithms is not as it should be"),
    ({"algorithms": ["HS384"]}, "algorithms is not as it should be"),
    ({"fhir_servers": GONE}, "fhir_servers is missing"),
    ({"fhir_servers": ["http://fhir.example.org/r4"]}, "fhir_servers, entry 1, is not https"),
    ({"fhir_servers": ["https://localhost/r4"]}, "fhir_servers, entry 1, names"),
    ({"fhir_servers": ["https://evil.com\\@ehr.example.org/r4"]}, "fhir_servers, entry 1, holds a backslash"),
    ({"allowed_networks": ["10.20.0.1/16"]}, "allowed_networks, entry 1, is no network"),
    ({"allowed_networks": ["0.0.0.0/0"]}, "allowed_networks, entry 1, is too wide"),
    ({"allowed_networks": ["10.0.0.0/8", "::/0"]}, "allowed_networks, entry 2, is too wide"),
    ({"allowed_networks": ["169.254.169.254"]}, "allowed_networks, entry 1, holds addresses that are never contacted"),
    ({"allowed_networks": ["127.0.0.0/8"]}, "allowed_networks, entry 1, holds addresses that are never contacted"),
    ({"fhir_servers": ["https://169.254.169.254/r4"]}, "fhir_servers, entry 1, names"),
    ({"mode": "on"}, "mode is not as it should be: write active, silent or off"),
    ({"profile": "uk"}, "profile is not as it should be: write us or eu"),
    ({"deadline_ms": 10}, "deadline_ms is not as it should be: write a whole number from 50 to 60000"),
    ({"deadline_ms": 1500.5}, "deadline_ms is not as it should be"),
    ({"suggestions": "some"}, "suggestions is not as it should be: write full, create-only or none"),
    ({"codes": {"hold-anakina": "off"}}, "codes, hold-anakina is no advice code: did you mean hold-anakinra?"),
    ({"codes": {"not-assessed": "silent"}}, "codes, not-assessed cannot be switched: what could not be assessed is"),
    ({"codes": {"hold-anakinra": "on"}}, "codes is not as it should be: write a table of advice codes, each"),
    ({"repeats": {"hours": 400}}, "repeats is not as it should be: write a table with hours (1 to 168)"),
    ({"repeats": {"days": 4}}, "repeats is not as it should be"),
]


@pytest.mark.parametrize(("change", "told"), FAULTS)
def test_a_fault_is_one_line_with_its_fix(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    client = {name: value for name, value in (HOSPITAL | change).items() if value is not GONE}
    file = write_clients(tmp_path / "clients.toml", client)

    (fault,) = read_clients(file).faults

    assert fault.startswith("clients.toml: client ")
    assert told in fault
    assert "\n" not in fault
    with pytest.raises(SettingsError) as refused:
        create_app(Settings(mode="production", clients=str(file)))
    assert told in str(refused.value)


WHOLE_FILES = [
    (None, "clients.toml: cannot be read (No such file or directory): correct CDS_CLIENTS"),
    (b"", "clients.toml: no client: write a [[client]] for each EHR that may call"),
    (b"[client]\nname = 'x'", "clients.toml: no client: write a [[client]]"),
    (b"[[client]\n", "clients.toml: not valid TOML"),
    (b"\xff", "clients.toml: not UTF-8 text"),
    (b"#" * 1_100_000, "clients.toml: larger than 1048576 bytes"),
    (b"a = " + b"[" * 5000, "clients.toml: not valid TOML"),
]


@pytest.mark.parametrize(("content", "told"), WHOLE_FILES)
def test_a_file_that_is_none(tmp_path: Path, content: bytes | None, told: str) -> None:
    file = tmp_path / "clients.toml"
    if content is not None:
        file.write_bytes(content)

    (fault,) = read_clients(file).faults

    assert fault.startswith(told)


def test_a_table_that_is_not_known(tmp_path: Path) -> None:
    file = write_clients(tmp_path / "clients.toml", HOSPITAL)
    file.write_text("rate = 7\n" + file.read_text())

    assert read_clients(file).faults == ("clients.toml: rate is no table of this file: write [[client]]",)


OTHER = {"name": "other", "issuer": "https://b.example"}
CLASHES = [
    ({}, {"name": "hospital", "issuer": "https://b.example"}, 'client "hospital": name is there twice'),
    ({}, {"name": "other"}, 'client "other": issuer is that of another client: give each a tenant'),
    ({"tenant": "a"}, {"name": "other"}, 'client "other": issuer is that of another client'),
    ({"tenant": "a"}, {"name": "other", "tenant": "a"}, 'client "other": issuer is that of another client'),
]


@pytest.mark.parametrize(("first", "second", "told"), CLASHES)
def test_two_clients_that_cannot_be_told_apart(tmp_path: Path, first: Any, second: Any, told: str) -> None:
    file = write_clients(tmp_path / "clients.toml", HOSPITAL | first, HOSPITAL | second)

    (fault,) = read_clients(file).faults

    assert fault.startswith(f"clients.toml: {told}")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = write_clients(
        tmp_path / "clients.toml", HOSPITAL | {"mode": "on", "profile": "uk"}, HOSPITAL | OTHER | {"audience": "x"}
    )

    assert len(read_clients(file).faults) == 3


def test_every_way_to_write_keys(tmp_path: Path) -> None:
    (tmp_path / "clients.toml").write_text(
        "".join(
            f'[[client]]\nname = "{name}"\nissuer = "{name}"\naudience = "https://cds.example.org/"\n'
            f'fhir_servers = []\nallowed_networks = ["10.20.0.0/16", "fd12:3456::/32", "192.0.2.7"]\n{keys}\n'
            for name, keys in {
                "table": 'jwks = { keys = [ { kty = "EC", crv = "P-384", kid = "k", x = "X", y = "Y" } ] }'.replace(
                    '"X"', f'"{JWKS["keys"][0]["x"]}"'
                ).replace('"Y"', f'"{JWKS["keys"][0]["y"]}"'),
                "file": 'jwks_file = "keys.json"',
                "address": 'jku = "https://ehr.example.org/jwks.json"',
            }.items()
        )
    )
    (tmp_path / "keys.json").write_text(json.dumps({"keys": JWKS["keys"][:1]}))

    read = read_clients(tmp_path / "clients.toml")

    assert read.faults == ()
    assert read.files == (tmp_path / "clients.toml", tmp_path / "keys.json")


def test_keys_to_encrypt_with_are_no_fault(tmp_path: Path) -> None:
    keys = {"keys": [*JWKS["keys"], {"kty": "RSA", "use": "enc"}, {"kty": "EC", "key_ops": ["deriveKey"]}]}

    assert read_clients(write_clients(tmp_path / "clients.toml", HOSPITAL | {"jwks": keys})).faults == ()


def test_a_server_and_a_key_set_at_a_private_address_that_is_listed(tmp_path: Path) -> None:
    client = {name: value for name, value in HOSPITAL.items() if name != "jwks"}
    at = {"fhir_servers": ["https://10.20.1.1/r4"], "jku": "https://10.20.1.2/jwks", "audience": "https://10.20.1.3"}
    file = write_clients(tmp_path / "clients.toml", client | at | {"allowed_networks": ["10.20.0.0/16"]})

    assert read_clients(file).faults == ()


def test_a_kid_that_is_there_twice_names_no_key(tmp_path: Path) -> None:
    file = write_clients(tmp_path / "clients.toml", HOSPITAL | {"jwks": {"keys": [JWKS["keys"][0]] * 2}})

    assert [fault.partition("jwks: ")[2] for fault in read_clients(file).faults] == [
        "key 1 has the kid of another key: give each its own",
        "key 2 has the kid of another key: give each its own",
    ]


def test_every_member_says_what_to_write() -> None:
    assert list(WRITE) == list(ClientTable.__struct_fields__)
