"""Sign tokens as a client does, for whoever tries a service out: https://cds-hooks.hl7.org/2.0/#trusting-cds-clients"""

import json
import time
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from cds_service.trust.jwks import PublicKey

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_BY_CURVE = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


class Call(NamedTuple):
    """What a token is for: who calls (``issuer``, ``tenant`` or "") which ``url``; ``jku`` "" where there is none."""

    issuer: str
    url: str
    tenant: str = ""
    jku: str = ""


class NoPrivateKey(Exception):  # noqa: N818 - told to whoever named the file
    """A text that is no private key of a kind that signs here; the message says why."""


def read_private_key(pem: bytes) -> PrivateKey:
    """An EC or RSA private key in PEM, without a passphrase. Raises NoPrivateKey."""
    try:
        key = form.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise NoPrivateKey("holds no private key in PEM without a passphrase") from None
    if isinstance(key, rsa.RSAPrivateKey) or (
        isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _BY_CURVE
    ):
        return key
    raise NoPrivateKey("holds a key of another kind than EC (P-256, P-384, P-521) or RSA")


def sign(call: Call, key: PrivateKey, kid: str, seconds: int) -> str:
    """A token for one call, from now on; every one has a jti of its own."""
    now = int(time.time())
    claims = {"iss": call.issuer, "aud": call.url, "iat": now, "exp": now + seconds, "jti": token_urlsafe(16)}
    header = {"kid": kid, "typ": "JWT"} | ({"jku": call.jku} if call.jku else {})
    claims |= {"tenant": call.tenant} if call.tenant else {}
    return jwt.encode(claims, key, algorithm_of(key), headers=header)


def algorithm_of(key: PrivateKey) -> str:
    """ES384 for a P-384 key and so on, RS384 for RSA."""
    return "RS384" if isinstance(key, rsa.RSAPrivateKey) else _BY_CURVE[key.curve.name]


def new_key() -> PrivateKey:
    """A new ES384 key."""
    return ec.generate_private_key(ec.SECP384R1())


def pem_of(key: PrivateKey) -> bytes:
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


def public_jwk(key: PrivateKey, kid: str = "") -> dict[str, Any]:
    """The public half, for the clients' file; without a ``kid`` it gets its thumbprint's first digits."""
    public: Any = key.public_key()
    kind = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    jwk: dict[str, Any] = json.loads(kind.to_jwk(public))
    jwk.pop("key_ops", None)
    return jwk | {"kid": kid or thumbprint(public)[:16], "alg": algorithm_of(key), "use": "sig"}


def thumbprint(key: PublicKey) -> str:
    """64 digits that tell this key from all others."""
    return sha256(key.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)).hexdigest()
