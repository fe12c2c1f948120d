"""What can be seen of a service's security from outside: TLS, and whether a call without a good token is refused."""

import base64
import json
import time

from cds_service.conform.bench import Bench
from cds_service.conform.exchange import Exchange
from cds_service.conform.verdicts import Group, NotTested, Verdict, failed, passed
from cds_service.ehr.client import on_loopback

group = Group("security")

_NO_TOKEN_GIVEN = "No --token was given: whether the service should want one is for its owner to say"  # noqa: S105
_GARBAGE = "this.is.garbage"


@group.check("Data travel over HTTPS", "cds-hooks_2.0@2", "cds-hooks_2.0@168")
def over_https(bench: Bench) -> Verdict:
    base = bench.options.base
    if base.startswith("https://"):
        return passed(note="the certificate is trusted")
    if on_loopback(base):
        raise NotTested("On this machine http will do; where patient data travel it has to be https")
    return failed("The service is called by http")


@group.check("A call without a token is refused", "cds-hooks_2.0@177")
def without_token(bench: Bench) -> Verdict:
    return _refused(_call(bench, ""), "Without a token")


@group.check("A call with a token that is none is refused", "anakinra-cds_1@bad-token")
def with_garbage(bench: Bench) -> Verdict:
    return _refused(_call(bench, _GARBAGE), "With a token that is no JWT")


@group.check("A token signed with the algorithm none is refused", "cds-hooks_2.0@201")
def unsigned(bench: Bench) -> Verdict:
    service = bench.offered()[0]
    now = int(time.time())
    claims = {
        "iss": "https://ehr.example.org",
        "aud": f"{bench.wire.base}/{bench.path(service)}",
        "iat": now,
        "exp": now + 300,
        "jti": str(now),
    }
    parts = (_base64({"alg": "none", "typ": "JWT", "kid": "conform"}), _base64(claims), "")
    return _refused(_call(bench, ".".join(parts)), "With an unsigned token")


def _call(bench: Bench, token: str) -> Exchange:
    service = bench.offered()[0]
    plain = bench.plain(service)
    if not bench.options.token:
        raise NotTested(_NO_TOKEN_GIVEN)
    return bench.wire.post(bench.path(service), json.dumps(plain.body).encode(), token=token)


def _refused(exchange: Exchange, what: str) -> Verdict:
    if exchange.status in (401, 403):
        return passed(exchange)
    return failed(f"{what}: {exchange.said}, not 401", exchange)


def _base64(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
