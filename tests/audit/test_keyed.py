"""Keyed hashes: the same for the same, another for another client, kind or key."""

import hashlib
import hmac
import logging

import pytest

from cds_service.audit.keyed import Keyed
from cds_service.errors import SettingsError
from cds_service.settings import Settings

KEY = "0123456789abcdef0123456789abcdef"


def test_it_is_the_hmac_of_kind_client_and_id() -> None:
    expected = hmac.new(KEY.encode(), b"patient\0north\0p1", hashlib.sha256).hexdigest()
    assert Keyed(KEY).hash("patient", "north", "p1") == expected


def test_another_client_kind_id_or_key_is_another_hash() -> None:
    keyed = Keyed(KEY)
    hashes = {
        keyed.hash("patient", "north", "p1"),
        keyed.hash("patient", "south", "p1"),
        keyed.hash("user", "north", "p1"),
        keyed.hash("patient", "north", "p2"),
        Keyed(KEY[::-1]).hash("patient", "north", "p1"),
    }
    assert len(hashes) == 5
    assert len(keyed.hash("patient", "north", "\ud800")) == 64


def test_a_sandbox_without_a_key_says_that_its_own_will_pass(caplog: pytest.LogCaptureFixture) -> None:
    first, second = Keyed.of(Settings()), Keyed.of(Settings())
    assert first.id != second.id
    first.warn()
    assert len(caplog.messages) == 1
    assert "CDS_AUDIT_KEY is not set" in caplog.messages[0]


def test_with_a_key_nothing_is_said_and_its_id_stays(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    keyed = Keyed.of(Settings(audit_key=KEY))
    keyed.warn()
    assert (keyed.id, caplog.messages) == (Keyed(KEY).id, [])
    assert KEY not in repr(Settings(audit_key=KEY))


def test_production_needs_a_key() -> None:
    with pytest.raises(SettingsError, match="CDS_AUDIT_KEY is not set: production needs it"):
        Keyed.of(Settings(mode="production"))


def test_a_short_key_is_refused_without_being_quoted() -> None:
    with pytest.raises(ValueError, match="at least 32 characters") as refused:
        Settings(audit_key="hunter2")
    assert "hunter2" not in str(refused.value)
