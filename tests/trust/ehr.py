"""EHRs for these tests: keys, the clients' file, and tokens that are right unless a test spoils them."""

import json
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from secrets import token_hex
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cds_service.trust.sign import algorithm_of, public_jwk

Json = dict[str, Any]

ISSUER = "https://ehr.example.org/issuer"
BASE = "https://cds.example.org/anakinra"
PATH = "/cds-services/anakinra-neutropenia-view"
URL = BASE + PATH
FHIR = "https://fhir.example.org/r4"

EC_KEY = ec.generate_private_key(ec.SECP384R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SMALL_CURVE_KEY = ec.generate_private_key(ec.SECP256R1())
STRANGER = ec.generate_private_key(ec.SECP384R1())
KEYS: dict[str, Any] = {"ec-1": EC_KEY, "rsa-1": RSA_KEY, "p256-1": SMALL_CURVE_KEY}
JWKS = {"keys": [public_jwk(key, kid) for kid, key in KEYS.items()]}

TABLES = ("codes", "repeats")
HOSPITAL: Json = {"name": "hospital", "issuer": ISSUER, "audience": BASE, "jwks": JWKS, "fhir_servers": [FHIR]}


def write_clients(path: Path, *clients: Json) -> Path:
    """The clients' file with these tables; values as JSON, which TOML reads alike but for objects."""
    lines: list[str] = []
    for client in clients:
        lines.append("[[client]]")
        for name, value in client.items():
            lines.append(f"{name} = {_inline(value) if name in TABLES else _text(value)}")
    path.write_text("\n".join(lines) + "\n")
    return path


def _text(value: Any) -> str:
    return json.dumps(json.dumps(value)) if isinstance(value, dict) else json.dumps(value)


def _inline(table: Json) -> str:
    members = (f"{json.dumps(name)} = {json.dumps(value)}" for name, value in table.items())
    return f"{{ {', '.join(members)} }}"


class In(float):
    """So many seconds from when the token is made: a table of tests is read minutes before it is run."""


def claims(**changes: Any) -> Json:
    """Good claims for a call of ``URL``; a change to ``...`` leaves one out."""
    good = {"iss": ISSUER, "aud": URL, "iat": In(0), "exp": In(300), "jti": token_hex(8)} | changes
    now = int(time.time())
    made = {name: now + value if isinstance(value, In) else value for name, value in good.items()}
    return {name: value for name, value in made.items() if value is not ...}


def signed(payload: Json, kid: str = "ec-1", key: Any = None, **header: Any) -> str:
    """The token; ``header`` changes its header, ``...`` leaves a member out."""
    key = key or KEYS[kid]
    members = {"alg": algorithm_of(key), "kid": kid, "typ": "JWT"} | header
    return by_hand({name: value for name, value in members.items() if value is not ...}, payload, key)


def by_hand(header: Any, payload: Any, key: Any, algorithm: str = "") -> str:
    """Put together without a library's opinion: both parts as JSON, or as they are if text."""
    parts = [segment(header), segment(payload)]
    data = ".".join(parts).encode()
    method = jwt.algorithms.get_default_algorithms()[algorithm or algorithm_of(key)]
    return ".".join([*parts, b64(method.sign(data, method.prepare_key(key)))])


def segment(part: Any) -> str:
    return b64(part.encode() if isinstance(part, str) else json.dumps(part).encode())


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_for(path: str = PATH, **changes: Any) -> dict[str, str]:
    """The header of a good call of this path."""
    return bearer(signed(claims(aud=BASE + path, **changes)))
