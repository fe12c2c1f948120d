"""A JSON Web Key Set: which of its keys can check which signatures. Public, asymmetric keys only.

https://www.rfc-editor.org/rfc/rfc7517, algorithms: https://www.rfc-editor.org/rfc/rfc7518#section-3.1
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.exceptions import InvalidKeyError

PublicKey = EllipticCurvePublicKey | RSAPublicKey

_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
ALGORITHMS = frozenset({*_CURVES.values(), *_RSA})
"""Every algorithm a client may be configured with; ``none`` and HMAC are not among them."""
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_SHORTEST_RSA = 2048
_MOST_KEYS = 100
LONGEST_KID = 256


class NotKeys(Exception):  # noqa: N818 - told to whoever wrote the file
    """A text that is no key set; the message says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """One public key and the algorithms it may be used with."""

    kid: str
    algorithms: frozenset[str]
    public: PublicKey


class KeySet(NamedTuple):
    """The usable keys by ``kid``, and one line for each that is not usable and should be."""

    keys: Mapping[str, Key]
    faults: tuple[str, ...]

    def usable_with(self, algorithms: Iterable[str]) -> list[str]:
        """Each kid that can check one of these algorithms, with those: "k1 (ES384)"."""
        wanted = frozenset(algorithms)
        return [
            f"{key.kid} ({', '.join(sorted(key.algorithms & wanted))})"
            for key in self.keys.values()
            if key.algorithms & wanted
        ]


def read_jwks(document: str | bytes | Mapping[str, Any]) -> KeySet:
    """The keys of a set, as JSON text or as an object. Raises NotKeys if it is no set at all."""
    entries = _entries(document)
    kids = Counter(str(each.get("kid", "")) for each in entries)
    keys: dict[str, Key] = {}
    faults: list[str] = []
    for number, entry in enumerate(entries, 1):
        if _is_for_another_use(entry):
            continue  # a key to encrypt with is no fault
        fault = next(_faults(entry, kids), "")
        found = None if fault else _key(entry)
        if isinstance(found, Key):
            keys[found.kid] = found
        else:
            faults.append(f"key {number} {fault or found}")
    return KeySet(keys, tuple(faults))


def _entries(document: str | bytes | Mapping[str, Any]) -> list[dict[str, Any]]:
    if isinstance(document, str | bytes):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            raise NotKeys("is no JSON") from None
    entries = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise NotKeys('is no key set: {"keys": [...]}')
    if len(entries) > _MOST_KEYS:
        raise NotKeys(f"holds more than {_MOST_KEYS} keys")
    return entries


def _is_for_another_use(entry: dict[str, Any]) -> bool:
    """By what the key set says; a member that is null or no list, as some servers send it, says nothing."""
    use, operations = entry.get("use"), entry.get("key_ops")
    return use not in (None, "sig") or (isinstance(operations, list) and "verify" not in operations)


def _faults(entry: dict[str, Any], kids: Counter[str]) -> Iterator[str]:
    kid = entry.get("kid")
    if _PRIVATE & entry.keys():
        yield "holds a private or a shared secret key: paste its public half only, and replace the key"
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        yield f"has no kid: give it one, a string of 1 to {LONGEST_KID} characters"
    elif kids[kid] > 1:
        yield "has the kid of another key: give each its own"


def _key(entry: dict[str, Any]) -> Key | str:
    """The key, or why it is none."""
    kind, curve = entry.get("kty"), entry.get("crv")
    public: Any
    try:
        if kind == "EC" and curve in _CURVES:
            public, algorithms = ECAlgorithm.from_jwk(entry), frozenset({_CURVES[curve]})
        elif kind == "RSA":
            public, algorithms = RSAAlgorithm.from_jwk(entry), _RSA
        else:
            return "is of no kind that is read here: use EC (P-256, P-384, P-521) or RSA"
    except (InvalidKeyError, ValueError, TypeError, KeyError):
        return "cannot be read: paste it again"
    if kind == "RSA" and public.key_size < _SHORTEST_RSA:
        return f"is too short: use RSA keys of {_SHORTEST_RSA} bits or more"
    if "alg" in entry:
        algorithms &= {str(entry["alg"])}
    return Key(entry["kid"], algorithms, public) if algorithms else "has an alg that does not fit its kty or crv"
