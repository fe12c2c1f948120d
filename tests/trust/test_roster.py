"""The clients' file is read again when it changes: a kill switch without a restart, which no slip can break."""

import json
import logging
import os
from pathlib import Path

import pytest

from cds_service.errors import Unauthorized
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.trust.roster import Roster
from cds_service.trust.token import Token, read_token
from tests.clock import Clock
from tests.trust.ehr import HOSPITAL, ISSUER, JWKS, claims, signed, write_clients


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.open(Settings(mode="production"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def roster(clients_file: Path, site: Site, clock: Clock) -> Roster:
    return Roster(clients_file, site, clock)


def token() -> Token:
    return read_token(f"Bearer {signed(claims())}")


def rewrite(file: Path, *clients: dict[str, object]) -> None:
    """As an editor or Kubernetes does: another file takes the name."""
    write_clients(file.with_suffix(".new"), *clients)
    os.replace(file.with_suffix(".new"), file)


def test_a_change_is_seen_after_a_second(roster: Roster, clients_file: Path, clock: Clock) -> None:
    assert roster.client_of(token()).discretion.mode == "active"
    rewrite(clients_file, HOSPITAL | {"mode": "off"})

    clock.now = 0.9
    assert roster.client_of(token()).discretion.mode == "active"
    clock.now = 1.1
    assert roster.client_of(token()).discretion.mode == "off"


def test_a_client_that_is_taken_out_is_unknown(roster: Roster, clients_file: Path, clock: Clock) -> None:
    rewrite(clients_file, HOSPITAL | {"issuer": "https://b.example"})
    clock.now = 2

    with pytest.raises(Unauthorized) as refused:
        roster.client_of(token())
    assert refused.value.reason == "issuer"


@pytest.mark.parametrize("content", [b"[[client]", b"", None])
def test_a_file_that_is_wrong_changes_nothing_and_is_told_once(
    roster: Roster, clients_file: Path, clock: Clock, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    caplog.set_level(logging.INFO, logger="cds_service.trust")
    clients_file.unlink()
    if content is not None:
        clients_file.write_bytes(content)

    for clock.now in (2, 4, 6):
        assert roster.client_of(token()).name == "hospital"

    (line,) = caplog.messages
    assert line.startswith("CDS_CLIENTS changed and is wrong, the former clients stay: clients.toml: ")
    rewrite(clients_file, HOSPITAL | {"mode": "silent"})
    clock.now = 8
    assert roster.client_of(token()).discretion.mode == "silent"
    assert caplog.messages[1:] == ["CDS_CLIENTS changed: 1 clients from now on"]


def test_several_faults_are_one_line(
    roster: Roster, clients_file: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    rewrite(clients_file, HOSPITAL | {"mode": "on", "profile": "uk"})
    clock.now = 2

    assert roster.client_of(token()).discretion.mode == "active"
    assert len(caplog.messages) == 1
    assert caplog.messages[0].endswith("(and 1 more)")


def test_a_file_of_keys_is_watched_too(tmp_path: Path, site: Site, clock: Clock) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(JWKS))
    client = {name: value for name, value in HOSPITAL.items() if name != "jwks"}
    roster = Roster(write_clients(tmp_path / "clients.toml", client | {"jwks_file": "keys.json"}), site, clock)
    assert roster.client_of(token()).keys.find("ec-1")

    keys.write_text(json.dumps({"keys": JWKS["keys"][1:]}))
    clock.now = 2

    assert roster.client_of(token()).keys.find("ec-1") is None
    assert roster.client_of(token()).keys.find("rsa-1")


def test_fetched_keys_outlive_a_change_of_something_else(tmp_path: Path, site: Site, clock: Clock) -> None:
    client = {name: value for name, value in HOSPITAL.items() if name != "jwks"} | {"jku": "https://e.example/keys"}
    file = write_clients(tmp_path / "clients.toml", client)
    roster = Roster(file, site, clock)
    before = roster.client_of(token()).keys
    rewrite(file, client | {"mode": "silent"})
    clock.now = 2

    assert roster.client_of(token()).discretion.mode == "silent"
    assert roster.client_of(token()).keys is before
    rewrite(file, client | {"jku": "https://e.example/other"})
    clock.now = 4
    assert roster.client_of(token()).keys is not before


def test_the_words_are_loaded_once_for_all_clients(tmp_path: Path, site: Site) -> None:
    file = write_clients(
        tmp_path / "clients.toml",
        HOSPITAL | {"profile": "eu", "deadline_ms": 700},
        HOSPITAL | {"name": "other", "issuer": "https://b.example"},
    )
    roster = Roster(file, site)
    eu = roster.client_of(token())
    us = roster.client_of(read_token(f"Bearer {signed(claims(iss='https://b.example'))}"))

    assert eu.site.library is us.site.library is site.library
    assert eu.site.client is us.site.client
    assert (eu.site.profile.name, us.site.profile.name) == ("eu", "us")
    assert (eu.site.terms.deadline_ms, us.site.terms.deadline_ms) == (700, 1500)
    assert len(roster) == 2
    assert eu.issuer == ISSUER
