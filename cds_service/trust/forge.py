"""Tokens that a service has to refuse, each with one fault, for whoever tries one out with a key that it trusts.

https://cds-hooks.hl7.org/2.0/#trusting-cds-clients, https://www.rfc-editor.org/rfc/rfc8725#section-2
"""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization as form

from cds_service.trust.sign import Signer, algorithm_of, key_like

Json = dict[str, Any]

_LONG_AGO = 24 * 3600
_ANOTHER = "https://another.example.org"


def forgeries(signer: Signer) -> Mapping[str, Callable[[str], str]]:
    """By name what makes a token for the URL given. All but the one fault is as ``signer`` has it."""
    return {
        "expired": partial(_expired, signer),
        "audience": lambda url: _with(signer, url, aud=f"{_ANOTHER}/cds-services/another"),
        "issuer": lambda url: _with(signer, url, iss=f"{_ANOTHER}/issuer"),
        "key": replace(signer, key=key_like(signer.key)),
        "symmetric": partial(_symmetric, signer),
        "unsigned": partial(_unsigned, signer),
    }


def _with(signer: Signer, url: str, **changes: Any) -> str:
    claims = signer.claims(url) | changes
    return jwt.encode(claims, signer.key, algorithm_of(signer.key), headers=signer.header())


def _expired(signer: Signer, url: str) -> str:
    then = int(time.time()) - _LONG_AGO
    return _with(signer, url, iat=then, exp=then + signer.seconds)


def _symmetric(signer: Signer, url: str) -> str:
    """HMAC with the public key for a secret: what a service accepts that lets the token choose the algorithm."""
    secret = signer.key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    text = f"{_part(signer.header() | {'alg': 'HS256'})}.{_part(signer.claims(url))}"
    return f"{text}.{_base64(hmac.digest(secret, text.encode(), sha256))}"


def _unsigned(signer: Signer, url: str) -> str:
    return f"{_part(signer.header() | {'alg': 'none'})}.{_part(signer.claims(url))}."


def _part(value: Json) -> str:
    return _base64(json.dumps(value).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
