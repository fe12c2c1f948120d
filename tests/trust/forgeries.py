"""Every way to get in that is not a good token."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import serialization as form

from tests.trust.ehr import (
    BASE,
    EC_KEY,
    ISSUER,
    PATH,
    RSA_KEY,
    STRANGER,
    URL,
    In,
    b64,
    bearer,
    by_hand,
    claims,
    segment,
    signed,
)

Header = dict[str, str]


def _hmac_with_the_public_key(algorithm: str = "HS384") -> str:
    """The confusion of algorithms: the public key, known to all, taken for a shared secret."""
    secret = RSA_KEY.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    text = f"{segment({'alg': algorithm, 'kid': 'rsa-1', 'typ': 'JWT'})}.{segment(claims())}"
    return f"{text}.{b64(hmac.new(secret, text.encode(), hashlib.sha384).digest())}"


def _unsigned(algorithm: Any = "none") -> str:
    return f"{segment({'alg': algorithm, 'kid': 'ec-1', 'typ': 'JWT'})}.{segment(claims())}."


def _claims_changed() -> str:
    head, _, tail = signed(claims()).split(".")
    return f"{head}.{segment(claims(exp=In(500)))}.{tail}"


def _second_spelling() -> str:
    """A last character of the signature whose spare bits differ: other text, the same bytes."""
    token = signed(claims(), kid="rsa-1")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


def _with_header(**header: Any) -> Callable[[], Header]:
    return lambda: bearer(signed(claims(), **header))


def _with_claims(**changes: Any) -> Callable[[], Header]:
    return lambda: bearer(signed(claims(**changes)))


def _twice(name: str, value: str) -> str:
    """The claims with a member twice, which readers resolve in different ways."""
    text = json.dumps(claims())
    return by_hand({"alg": "ES384", "kid": "ec-1", "typ": "JWT"}, f'{text[:-1]}, "{name}": {value}}}', EC_KEY)


# The reason that only the log tells, and what is wrong with the call.
FORGERIES: dict[str, Callable[[], Header]] = {
    # no token, or not one
    "no-token: no Authorization header": dict,
    "no-token: an empty header": lambda: {"Authorization": ""},
    "malformed: Basic instead of Bearer": lambda: {"Authorization": "Basic dXNlcjpwYXNz"},
    "malformed: the scheme without a token": lambda: {"Authorization": "Bearer"},
    "malformed: the token without a scheme": lambda: {"Authorization": signed(claims())},
    "malformed: two tokens": lambda: {"Authorization": f"Bearer {signed(claims())}, Bearer {signed(claims())}"},
    "malformed: a word behind the token": lambda: {"Authorization": f"Bearer {signed(claims())} x"},
    "malformed: two blanks before the token": lambda: {"Authorization": f"Bearer  {signed(claims())}"},
    "malformed: text": lambda: bearer("secret"),
    "malformed: two parts": lambda: bearer(signed(claims()).rpartition(".")[0]),
    "malformed: four parts": lambda: bearer(signed(claims()) + ".AAAA"),
    "malformed: five parts, as an encrypted token has": lambda: bearer("a.b.c.d.e"),
    "malformed: padding": lambda: bearer(signed(claims()) + "=="),
    "malformed: a second spelling of the signature": lambda: bearer(_second_spelling()),
    "too-long: an oversized token": lambda: bearer(signed(claims(pad="x" * 9000))),
    "malformed: a header that is no JSON": lambda: bearer(by_hand("{", claims(), EC_KEY)),
    "malformed: a header that is a list": lambda: bearer(by_hand("[]", claims(), EC_KEY)),
    "malformed: claims that are no JSON": lambda: bearer(
        by_hand({"alg": "ES384", "kid": "ec-1", "typ": "JWT"}, "x", EC_KEY)
    ),
    "malformed: claims that are a string": lambda: bearer(
        by_hand({"alg": "ES384", "kid": "ec-1", "typ": "JWT"}, '"x"', EC_KEY)
    ),
    "malformed: claims nested 5,000 deep": lambda: bearer(f"{segment({'alg': 'ES384'})}.{segment('[' * 5000)}.AAAA"),
    "malformed: aud twice": lambda: bearer(_twice("aud", json.dumps(URL))),
    "malformed: iss twice": lambda: bearer(_twice("iss", json.dumps(ISSUER))),
    # the header chooses how it is checked
    "malformed: alg none, no signature": lambda: bearer(_unsigned()),
    "malformed: alg None in capitals": lambda: bearer(_unsigned("None")),
    "alg: alg none, with a signature": lambda: bearer(_unsigned() + "AAAA"),
    "alg: alg null": lambda: bearer(_unsigned(None) + "AAAA"),
    "alg: alg a list": lambda: bearer(_unsigned(["ES384"]) + "AAAA"),
    "alg: HMAC with the public key": lambda: bearer(_hmac_with_the_public_key()),
    "signature: HMAC said to be RS384": lambda: bearer(_hmac_with_the_public_key("RS384")),
    "alg: an algorithm that is not configured": lambda: bearer(signed(claims(), kid="p256-1")),
    "key: ES384 said of an RSA key": _with_header(kid="rsa-1", key=EC_KEY),
    "key: RS384 said of an EC key": _with_header(kid="ec-1", key=RSA_KEY),
    "alg: no alg": _with_header(alg=...),
    "typ: no typ": _with_header(typ=...),
    "typ: another typ": _with_header(typ="at+jwt"),
    "kid: no kid": _with_header(kid=..., key=EC_KEY),
    "kid: an empty kid": lambda: bearer(signed(claims(), kid="", key=EC_KEY)),
    "kid: a kid that is a number": lambda: bearer(by_hand({"alg": "ES384", "kid": 1, "typ": "JWT"}, claims(), EC_KEY)),
    "key: an unknown kid": lambda: bearer(signed(claims(), kid="ec-2", key=EC_KEY)),
    "key: a kid that is a path": lambda: bearer(signed(claims(), kid="../../dev/null", key=EC_KEY)),
    "header: crit": _with_header(crit=["exp"]),
    "header: b64 false": _with_header(b64=False),
    "header: a key of its own (jwk)": _with_header(jwk={"kty": "EC"}),
    "header: a certificate of its own (x5c)": _with_header(x5c=["AA"]),
    "header: an address of certificates (x5u)": _with_header(x5u="https://evil.example.org/cert"),
    "header: compressed": _with_header(zip="DEF"),
    "jku: a jku, where none is configured": _with_header(jku="https://evil.example.org/jwks"),
    # the signature
    "signature: signed by a stranger under a known kid": _with_header(key=STRANGER),
    "signature: claims changed after signing": lambda: bearer(_claims_changed()),
    "signature: a signature of zeros": lambda: bearer(f"{signed(claims()).rpartition('.')[0]}.{b64(bytes(96))}"),
    "malformed: an empty signature": lambda: bearer(f"{signed(claims()).rpartition('.')[0]}."),
    # whose, and for whom
    "issuer: no iss": _with_claims(iss=...),
    "issuer: an unknown iss": _with_claims(iss="https://evil.example.org"),
    "issuer: the iss with a slash": _with_claims(iss=f"{ISSUER}/"),
    "issuer: the iss in capitals": _with_claims(iss=ISSUER.upper()),
    "issuer: iss a list": _with_claims(iss=[ISSUER]),
    "audience: no aud": _with_claims(aud=...),
    "audience: aud the base only": _with_claims(aud=BASE),
    "audience: aud another service": _with_claims(aud=f"{BASE}/cds-services/anakinra-neutropenia-sign"),
    "audience: aud discovery": _with_claims(aud=f"{BASE}/cds-services"),
    "audience: aud with a slash at its end": _with_claims(aud=f"{URL}/"),
    "audience: aud with a doubled slash": _with_claims(aud=f"{BASE}//cds-services/anakinra-neutropenia-view"),
    "audience: aud with a query": _with_claims(aud=f"{URL}?x=1"),
    "audience: aud with http": _with_claims(aud=URL.replace("https", "http")),
    "audience: aud as the Host header has it": _with_claims(aud=f"http://localhost{PATH}"),
    "audience: aud a longer path": _with_claims(aud=f"{URL}/feedback"),
    "audience: aud a list of others": _with_claims(aud=[BASE, f"{BASE}/cds-services"]),
    "audience: aud a list with a number": _with_claims(aud=[URL, 1]),
    "audience: aud an object": _with_claims(aud={"url": URL}),
    # when
    "times: no exp": _with_claims(exp=...),
    "times: no iat": _with_claims(iat=...),
    "expired: expired": _with_claims(iat=In(-400), exp=In(-120)),
    "issued: issued in the future": _with_claims(iat=In(120), exp=In(300)),
    "issued: issued last year": _with_claims(iat=In(-31_536_000), exp=In(60)),
    "lifetime: ends in ten years": _with_claims(exp=In(315_360_000)),
    "lifetime: ends an hour after it was issued": _with_claims(exp=In(3600)),
    "lifetime: ends before it was issued": _with_claims(iat=In(30), exp=In(0)),
    "not-before: not before tomorrow": _with_claims(nbf=In(86_400)),
    "times: nbf a string": _with_claims(nbf="0"),
    "times: exp a string": _with_claims(exp="1795762436"),
    "times: exp true": _with_claims(exp=True),
    "malformed: exp NaN": lambda: bearer(_exp_as("NaN")),
    "times: exp 1e999": lambda: bearer(_exp_as("1e999")),
    "malformed: exp infinite": _with_claims(exp=float("1e308") * 10),
    "times: exp of 400 digits": _with_claims(exp=10**400),
    "times: exp negative": _with_claims(exp=-1, iat=-300),
    # once
    "jti: no jti": _with_claims(jti=...),
    "jti: an empty jti": _with_claims(jti=""),
    "jti: a blank jti": _with_claims(jti="  "),
    "jti: a jti that is a number": _with_claims(jti=7),
    "jti: an endless jti": _with_claims(jti="x" * 257),
    "jti: a jti of half a surrogate": _with_claims(jti="\ud800"),
}


def _exp_as(text: str) -> str:
    text = json.dumps(claims(exp=0)).replace('"exp": 0', f'"exp": {text}')
    return by_hand({"alg": "ES384", "kid": "ec-1", "typ": "JWT"}, text, EC_KEY)
