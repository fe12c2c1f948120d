"""Sign tokens as a client does, for whoever tries a service out: https://cds-hooks.hl7.org/2.0/#trusting-cds-clients"""

import json
import time
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from cds_service.trust.jwks import PublicKey

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_BY_CURVE = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


class NoPrivateKey(Exception):  # noqa: N818 - told to whoever named the file
    """A text that is no private key of a kind that signs here; the message says why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs as one client: called with the URL that is called, it gives a token for that one call.

    Where the service's public base URL, which tokens have to name, is not the one that is called, ``audience`` takes
    the place of ``base``, both without a slash at the end. ``tenant`` and ``jku`` are "" where there is none.
    A token lasts ``seconds``.
    """

    key: PrivateKey
    kid: str
    issuer: str
    tenant: str = ""
    jku: str = ""
    base: str = ""
    audience: str = ""
    seconds: int = 300

    def __call__(self, url: str) -> str:
        return jwt.encode(self.claims(url), self.key, algorithm_of(self.key), headers=self.header())

    def claims(self, url: str) -> dict[str, Any]:
        """For a call of ``url``, from now on; every token has a jti of its own."""
        now = int(time.time())
        audience = self.audience + url.removeprefix(self.base) if self.audience else url
        claims = {"iss": self.issuer, "aud": audience, "iat": now, "exp": now + self.seconds}
        return claims | {"jti": token_urlsafe(16)} | ({"tenant": self.tenant} if self.tenant else {})

    def header(self) -> dict[str, Any]:
        """All but the algorithm."""
        return {"kid": self.kid, "typ": "JWT"} | ({"jku": self.jku} if self.jku else {})


def read_private_key(text: bytes) -> tuple[PrivateKey, str]:
    """An EC or RSA private key in PEM without a passphrase, or as a JSON Web Key, and its kid. Raises NoPrivateKey.

    A key in PEM, or one without a ``kid``, goes by the one that ``public_jwk`` gives it.
    """
    found, kid = _from_jwk(text) if text.lstrip().startswith(b"{") else (_from_pem(text), "")
    key = _of_a_kind_that_signs(found)
    return key, kid or str(public_jwk(key)["kid"])


def _from_pem(text: bytes) -> object:
    try:
        return form.load_pem_private_key(text, password=None)
    except (ValueError, TypeError):
        raise NoPrivateKey("holds no private key in PEM without a passphrase") from None


def _from_jwk(text: bytes) -> tuple[object, str]:
    try:
        jwk = json.loads(text)
        kind: Any = RSAAlgorithm if jwk.get("kty") == "RSA" else ECAlgorithm
        return kind.from_jwk(jwk), str(jwk.get("kid") or "")
    except (InvalidKeyError, ValueError, TypeError, KeyError, RecursionError):
        raise NoPrivateKey('holds no private key as a JSON Web Key ({"kty": "EC", ..., "d": ...})') from None


def _of_a_kind_that_signs(key: object) -> PrivateKey:
    if isinstance(key, rsa.RSAPrivateKey) or (
        isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _BY_CURVE
    ):
        return key
    raise NoPrivateKey("holds no private key of a kind that signs here: EC (P-256, P-384, P-521) or RSA")


def algorithm_of(key: PrivateKey) -> str:
    """ES384 for a P-384 key and so on, RS384 for RSA."""
    return "RS384" if isinstance(key, rsa.RSAPrivateKey) else _BY_CURVE[key.curve.name]


def new_key() -> PrivateKey:
    """A new ES384 key."""
    return ec.generate_private_key(ec.SECP384R1())


def key_like(key: PrivateKey) -> PrivateKey:
    """A new key of the same kind and size."""
    if isinstance(key, rsa.RSAPrivateKey):
        return rsa.generate_private_key(public_exponent=65537, key_size=key.key_size)
    return ec.generate_private_key(key.curve)


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
