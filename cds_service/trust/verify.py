"""Hold a token against the client it names: header, audience, times, and at last the signature.

PyJWT checks the signature and, once more, issuer and times. It accepts an empty jti, a lifetime of ten years and an iat
of last year, so what is asked beyond it is checked here first, cheaply. Reasons are codes for the log.
"""

from typing import Any, NamedTuple

import jwt

from cds_service.errors import Unauthorized
from cds_service.trust.clients import Client
from cds_service.trust.jwks import LONGEST_KID
from cds_service.trust.token import Token

LEEWAY_S = 60
LONGEST_LIFE_S = 600
LONGEST_JTI = 256
_LATEST = 1e12  # seconds since 1970; NaN, infinity and integers of 400 digits are none
_MOST_AUDIENCES = 20
# Each would let a token choose how, or with what, it is checked.
_NOT_IN_HEADER = frozenset({"crit", "b64", "jwk", "x5u", "x5c", "zip", "enc"})


class Accepted(NamedTuple):
    """What is kept of a token that holds: its id, and when it ends (seconds since 1970)."""

    jti: str
    ends: float


def verify(token: Token, client: Client, url: str, now: float) -> Accepted:
    """The token, if it is this client's, for a call of ``url``, now. Raises Unauthorized."""
    _check_header(token.header, client)
    _check_audience(token.claims.get("aud"), client.audiences | {url})
    ends = _check_times(token.claims, now)
    jti = token.claims.get("jti")
    if not isinstance(jti, str) or not jti.strip() or not jti.isprintable() or len(jti) > LONGEST_JTI:
        raise Unauthorized("jti")
    _check_signature(token, client)
    return Accepted(jti, ends)


def _check_header(header: dict[str, Any], client: Client) -> None:
    if header.get("typ") != "JWT":
        raise Unauthorized("typ")
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in client.algorithms:
        raise Unauthorized("alg")
    if _NOT_IN_HEADER & header.keys():
        raise Unauthorized("header")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        raise Unauthorized("kid")
    if "jku" in header and (not client.jku or header["jku"] != client.jku):
        raise Unauthorized("jku")


def _check_audience(audience: Any, ours: frozenset[str]) -> None:
    """The exact URL that was called, alone or in a list (https://cds-hooks.hl7.org/2.0/#trusting-cds-clients)."""
    named = audience if isinstance(audience, list) else [audience]
    strings = all(isinstance(each, str) for each in named)
    if not strings or len(named) > _MOST_AUDIENCES or ours.isdisjoint(named):
        raise Unauthorized("audience")


def _check_times(claims: dict[str, Any], now: float) -> float:
    issued, ends = _time(claims, "iat"), _time(claims, "exp")
    if now >= ends + LEEWAY_S:
        raise Unauthorized("expired")
    if issued > now + LEEWAY_S or now - issued > LONGEST_LIFE_S + LEEWAY_S:
        raise Unauthorized("issued")
    if not 0 < ends - issued <= LONGEST_LIFE_S:
        raise Unauthorized("lifetime")
    if "nbf" in claims and _time(claims, "nbf") > now + LEEWAY_S:
        raise Unauthorized("not-before")
    return ends


def _time(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LATEST:
        raise Unauthorized("times")
    return value


def _check_signature(token: Token, client: Client) -> None:
    key, algorithm = client.keys.find(token.header["kid"]), token.header["alg"]
    if key is None or algorithm not in key.algorithms:
        raise Unauthorized("key")
    options: Any = {"verify_aud": False, "require": ["iss", "aud", "exp", "iat", "jti"]}
    try:
        jwt.decode(
            token.text,
            key.public,
            algorithms=[algorithm],
            issuer=client.issuer,
            leeway=LEEWAY_S,
            options=options,
        )
    except jwt.InvalidSignatureError:
        raise Unauthorized("signature") from None
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        raise Unauthorized("claims") from None
