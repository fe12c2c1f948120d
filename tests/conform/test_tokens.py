"""Services that know their clients by signed tokens: a strict one passes every line, each leniency fails its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cds_service.conform.verdicts import Outcome
from cds_service.environment import Secret
from cds_service.settings import Settings
from cds_service.trust.forge import forgeries
from cds_service.trust.sign import Signer
from tests.conform.conftest import quick, running, told, wrong
from tests.conform.good_service import Call, GoodService, Reply, outcome
from tests.trust.ehr import BASE, EC_KEY, HOSPITAL, write_clients
from tests.trust.ehr import ISSUER as EHR

Serve = Callable[..., GoodService]
Json = dict[str, Any]

ISSUER = "https://ehr.example.org/issuer"
PUBLIC = "https://cds.example.org/base"
KEY = ec.generate_private_key(ec.SECP384R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
TOKEN_LINES = {
    "cds-hooks_2.0@176",
    "cds-hooks_2.0@177",
    "cds-hooks_2.0@195",
    "cds-hooks_2.0@200",
    "cds-hooks_2.0@201",
    "cds-hooks_2.0@203",
    *(
        f"anakinra-cds_1@{each}"
        for each in ["bad-token", "token-signature", "token-audience", "token-expired", "token-once"]
    ),
}


class Verifier:
    """A service's check of tokens, by PyJWT alone; ``lenient`` names the one thing it leaves out."""

    def __init__(self, key: Any, lenient: str = "") -> None:
        self._key, self._lenient = key.public_key(), lenient
        self._used: set[str] = set()

    def __call__(self, call: Call, reply: Reply) -> Reply | None:
        if call.method == "OPTIONS" or self._accepts(call):
            return reply
        return Reply(401, outcome("A token is needed."))

    def _accepts(self, call: Call) -> bool:
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            self._check(token, f"{PUBLIC}/{call.path}")
        except jwt.PyJWTError:
            return False
        return True

    def _check(self, token: str, url: str) -> None:
        options: Any = {"require": ["iss", "aud", "exp", "iat", "jti"]}
        options |= {f"verify_{name}": self._lenient != name for name in ("aud", "exp", "iss")}
        options["verify_signature"] = self._lenient not in ("signature", jwt.get_unverified_header(token)["alg"])
        claims = jwt.decode(token, self._key, ["ES384", "RS384"], options=options, audience=url, issuer=ISSUER)
        if claims["jti"] in self._used and self._lenient != "jti":
            raise jwt.InvalidTokenError
        self._used.add(claims["jti"])


def run(service: GoodService, key: Any = KEY, **changes: Any) -> Any:
    signer = Signer(key, "k1", ISSUER, base=service.url, audience=PUBLIC)
    return quick(service.url, sign=signer, forged=forgeries(signer), **changes)


@pytest.mark.parametrize("key", [KEY, RSA_KEY], ids=["EC", "RSA"])
def test_a_service_that_verifies_everything(serve: Serve, key: Any) -> None:
    found = run(serve(Verifier(key)), key)

    assert wrong(found) == {}
    assert set(told(found, Outcome.PASS)) >= TOKEN_LINES


def test_our_own_service_in_production(tmp_path: Path) -> None:
    clients = write_clients(tmp_path / "clients.toml", HOSPITAL | {"fhir_servers": []})
    database = f"sqlite:///{tmp_path}/records.sqlite3"
    settings = Settings(mode="production", clients=str(clients), database_url=database, audit_key=Secret("k" * 32))
    with running(settings) as url:
        signer = Signer(EC_KEY, "ec-1", EHR, base=url, audience=BASE)
        found = quick(url, sign=signer, forged=forgeries(signer), prefetch_only=True)

    assert told(found, Outcome.FAIL, Outcome.WARNING) == {}
    assert set(told(found, Outcome.PASS)) >= TOKEN_LINES
    assert told(found, Outcome.NOT_TESTED)["cds-hooks_2.0@34"] == "Left out with --prefetch-only"
    assert found.count(Outcome.PASS) >= 110


LENIENT = {
    "signature": "anakinra-cds_1@token-signature cds-hooks_2.0@201 cds-hooks_2.0@203",
    "none": "cds-hooks_2.0@201",
    "HS256": "cds-hooks_2.0@203",
    "iss": "cds-hooks_2.0@195",
    "aud": "anakinra-cds_1@token-audience",
    "exp": "anakinra-cds_1@token-expired",
    "jti": "anakinra-cds_1@token-once",
}


@pytest.mark.parametrize("lenient", LENIENT)
def test_each_leniency_is_found(serve: Serve, lenient: str) -> None:
    assert set(wrong(run(serve(Verifier(KEY, lenient))))) == set(LENIENT[lenient].split())


def test_a_sandbox_that_knows_nobody_fails_nothing(serve: Serve) -> None:
    found = run(serve())

    assert set(wrong(found)) == {"cds-hooks_2.0@177"}
    assert told(found, Outcome.WARNING)["cds-hooks_2.0@177"] == "Without a token: HTTP 200 with 1 card, not 401"
    untested = told(found, Outcome.NOT_TESTED)
    assert {untested[each] for each in TOKEN_LINES - {"cds-hooks_2.0@177"}} == {
        "The service answers calls without a token: it authenticates nobody here"
    }


def test_without_a_key_there_is_nothing_to_forge(serve: Serve) -> None:
    untested = told(quick(serve(token="t").url, token="t"), Outcome.NOT_TESTED)

    assert untested["anakinra-cds_1@token-expired"].startswith("Needs a key that the service trusts")


def test_a_refusal_by_another_status_is_one(serve: Serve) -> None:
    verify = Verifier(KEY)

    def change(call: Call, reply: Reply) -> Reply | None:
        found = verify(call, reply)
        return found._replace(status=400) if found and found.status == 401 else found

    found = run(serve(change))

    assert wrong(found) == {}
    assert told(found, Outcome.PASS)["cds-hooks_2.0@203"] == "HTTP 400, where 401 was to be expected"


def test_a_wrong_key_is_told_once_and_fails_no_line_on_tokens(serve: Serve) -> None:
    found = run(serve(Verifier(ec.generate_private_key(ec.SECP384R1()))))

    assert not set(wrong(found)) & TOKEN_LINES
    assert told(found, Outcome.NOT_TESTED)["anakinra-cds_1@token-once"].startswith("Discovery failed: HTTP 401")
