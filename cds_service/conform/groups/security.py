"""What can be seen of a service's security from outside: TLS, and whether a call without a good token is refused.

A service that answers a call without a token knows nobody, which one line says; tokens then prove nothing, and the
other lines are not tested. https://cds-hooks.hl7.org/2.0/#trusting-cds-clients
"""

import base64
import json
import time

from cds_service.conform.bench import Bench
from cds_service.conform.exchange import Exchange
from cds_service.conform.verdicts import Group, NotTested, Verdict, failed, passed
from cds_service.ehr.client import on_loopback

group = Group("security")

_NOTHING_GIVEN = (
    "Neither --token nor --sign-key was given: whether the service should want a token is for its owner to say"
)
_NO_KEY = "Needs a key that the service trusts, to sign tokens with: --sign-key FILE"
_OPEN = "The service answers calls without a token: it authenticates nobody here"
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
    return _refused(_guarded(bench, _GARBAGE), "With a token that is no JWT")


@group.check("A token that is right is accepted", "cds-hooks_2.0@176", "cds-hooks_2.0@200")
def signed(bench: Bench) -> Verdict:
    exchange = _guarded(bench, _sign(bench))
    return passed(exchange) if exchange.cards is not None else failed(f"With a signed token: {exchange.said}", exchange)


@group.check("A token signed with the algorithm none is refused", "cds-hooks_2.0@201")
def unsigned(bench: Bench) -> Verdict:
    forge = bench.options.forged.get("unsigned", _unsigned)
    return _refused(_guarded(bench, forge(_url(bench))), "With an unsigned token")


def _forged(title: str, name: str, what: str, *requirements: str) -> None:
    @group.check(f"{title} is refused", *requirements)
    def forged(bench: Bench) -> Verdict:
        if name not in bench.options.forged:
            raise NotTested(_NO_KEY)
        return _refused(_guarded(bench, bench.options.forged[name](_url(bench))), what)


_forged("A token signed with HMAC and the public key", "symmetric", "With HS256", "cds-hooks_2.0@203")
_forged("A token signed with another key", "key", "With another key's signature", "anakinra-cds_1@token-signature")
_forged("A token of an unknown issuer", "issuer", "With another iss", "cds-hooks_2.0@195")
_forged("A token for another address", "audience", "With another aud", "anakinra-cds_1@token-audience")
_forged("A token that has ended", "expired", "With yesterday's token", "anakinra-cds_1@token-expired")


@group.check("A token that was used is refused", "anakinra-cds_1@token-once")
def used_again(bench: Bench) -> Verdict:
    token = _sign(bench)
    first = _guarded(bench, token)
    if first.cards is None:
        raise NotTested(f"The token's first use: {first.said}")
    return _refused(_call(bench, token), "With a token used before")


def _url(bench: Bench) -> str:
    return f"{bench.wire.base}/{bench.path(bench.offered()[0])}"


def _sign(bench: Bench) -> str:
    if not bench.options.sign:
        raise NotTested(_NO_KEY)
    return bench.options.sign(_url(bench))


def _unsigned(url: str) -> str:
    """For a service whose clients have a fixed token: nobody's."""
    now = int(time.time())
    claims = {"iss": "https://ehr.example.org", "aud": url, "iat": now, "exp": now + 300, "jti": str(now)}
    header = {"alg": "none", "typ": "JWT", "kid": "conform"}
    return "".join(
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() + "." for each in (header, claims)
    )


def _guarded(bench: Bench, token: str) -> Exchange:
    """The plain call with this token; NotTested where the service answers it without one, too."""
    if _call(bench, "").ok:
        raise NotTested(_OPEN)
    return _call(bench, token)


def _call(bench: Bench, token: str) -> Exchange:
    """A call that was answered with cards before, with this token."""
    service = bench.offered()[0]
    plain = bench.plain(service)
    if not bench.options.authenticates:
        raise NotTested(_NOTHING_GIVEN)
    return bench.wire.post(bench.path(service), json.dumps(plain.body).encode(), token=token)


def _refused(exchange: Exchange, what: str) -> Verdict:
    """401 or 403; another 4xx is a refusal, though one that tells a client the wrong thing."""
    if exchange.status in (401, 403):
        return passed(exchange)
    if exchange.refused:
        return passed(exchange, note=f"{exchange.said}, where 401 was to be expected")
    return failed(f"{what}: {exchange.said}, not 401", exchange)
