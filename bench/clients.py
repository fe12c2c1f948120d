"""A client that the service knows: its line in the clients' file, its key, and a newly signed token for each call."""

import json
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from cds_service.trust.sign import PrivateKey, Signer, new_key, public_jwk

AUDIENCE = "https://cds.example.org"
ISSUER = "https://ehr.example.org/bench"
KEYS: dict[str, Callable[[], PrivateKey]] = {
    "ES384": new_key,
    "RS384": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
}


class Known:
    """The client ``bench`` with a new key for this algorithm."""

    def __init__(self, algorithm: str) -> None:
        key = KEYS[algorithm]()
        self._jwk = public_jwk(key)
        self._sign = Signer(key, self._jwk["kid"], ISSUER)

    def write(self, folder: Path) -> Path:
        """The clients' file."""
        file = folder / f"{self._jwk['alg']}.toml"
        keys = json.dumps({"keys": [self._jwk]})
        file.write_text(
            f'[[client]]\nname = "bench"\nissuer = "{ISSUER}"\naudience = "{AUDIENCE}"\n'
            f"fhir_servers = []\njwks = '{keys}'\n"
        )
        return file

    def authorization(self, path: str) -> dict[str, str]:
        """The header of one call of ``path``, with a token of its own."""
        return {"Authorization": f"Bearer {self._sign(AUDIENCE + path)}"}
