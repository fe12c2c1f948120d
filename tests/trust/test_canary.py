"""Nothing of a token ends up in a log: not of a good one, nor of a forged one, nor where something fails."""

import logging
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from cds_service.errors import Unavailable
from cds_service.trust.gate import Gate
from cds_service.trust.token import read_token
from tests.trust.ehr import EC_KEY, PATH, bearer, claims, signed
from tests.trust.forgeries import FORGERIES

CANARY = "canary-7f3a"
Make = Callable[..., FlaskClient]

CALLS = {
    "good": lambda: signed(claims(jti=f"{CANARY}-good", sub=CANARY)),
    "again": lambda: signed(claims(jti=f"{CANARY}-good", sub=CANARY)),
    "unknown issuer": lambda: signed(claims(iss=f"https://{CANARY}.example")),
    "unknown tenant": lambda: signed(claims(tenant=CANARY)),
    "unknown kid": lambda: signed(claims(), kid=CANARY, key=EC_KEY),
    "wrong aud": lambda: signed(claims(aud=f"https://{CANARY}.example")),
    "wrong jku": lambda: signed(claims(), jku=f"https://{CANARY}.example/keys"),
    "wrong typ": lambda: signed(claims(), typ=CANARY),
    "text": lambda: CANARY,
}


def test_no_claim_and_no_token_in_any_log(
    service: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = []
    for make in CALLS.values():
        tokens.append(make())
        service.post(PATH, data=b"{}", headers=bearer(tokens[-1]))
    for fault in (Unavailable("Not now."), ValueError(CANARY)):
        monkeypatch.setattr(Gate, "admit", _raising(fault))
        tokens.append(signed(claims(jti=CANARY)))
        service.post(PATH, data=b"{}", headers=bearer(tokens[-1]))

    assert caplog.records
    assert CANARY not in caplog.text
    for token in tokens:
        assert not any(part in caplog.text for part in token.split(".") if len(part) > 8)


def _raising(fault: Exception) -> Callable[..., None]:
    def admit(*_: object, **__: object) -> None:
        raise fault

    return admit


def test_a_log_line_is_a_reason_and_nothing_else(service: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="cds_service.trust")
    for forgery in FORGERIES.values():
        service.post(PATH, headers=forgery())

    assert {message.partition(" reason=")[0] for message in caplog.messages} == {"a call was refused: status=401"}
    assert all(message.partition(" reason=")[2].replace("-", "").isalpha() for message in caplog.messages)


def test_a_token_hides_itself() -> None:
    assert repr(read_token(f"Bearer {signed(claims())}")) == "Token(...)"
