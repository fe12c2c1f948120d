"""Clients that the service knows: their file, their keys, and a newly signed token for each call."""

import json
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from cds_service.trust.sign import Call, PrivateKey, new_key, public_jwk, sign

AUDIENCE = "https://cds.example.org"
KEYS: dict[str, Callable[[], PrivateKey]] = {
    "ES384": new_key,
    "RS384": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
}
SECONDS = 300


class Signer:
    """One client, ``bench``, with one key: it writes its line of the clients' file, and signs."""

    def __init__(self, algorithm: str) -> None:
        self._key = KEYS[algorithm]()
        self._jwk = public_jwk(self._key)
        self._issuer = "https://ehr.example.org/bench"

    def write(self, folder: Path) -> Path:
        """The clients' file."""
        file = folder / f"{self._jwk['alg']}.toml"
        keys = json.dumps({"keys": [self._jwk]})
        file.write_text(
            f'[[client]]\nname = "bench"\nissuer = "{self._issuer}"\naudience = "{AUDIENCE}"\n'
            f"fhir_servers = []\njwks = '{keys}'\n"
        )
        return file

    def authorization(self, path: str) -> dict[str, str]:
        """The header of one call of ``path``, with a token of its own."""
        token = sign(Call(self._issuer, AUDIENCE + path), self._key, self._jwk["kid"], SECONDS)
        return {"Authorization": f"Bearer {token}"}
