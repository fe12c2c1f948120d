"""Read a bearer token strictly, before anything of it is believed: JWS compact serialization of a JWT.

https://www.rfc-editor.org/rfc/rfc7515#section-3.1, https://cds-hooks.hl7.org/2.0/#trusting-cds-clients
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple, NoReturn

from cds_service.errors import Unauthorized

LONGEST = 8192
_BEARER = re.compile(r"(?i:bearer) ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")


class Token(NamedTuple):
    """A token as sent; header and claims are what it says of itself. Its repr hides it."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]

    def __repr__(self) -> str:
        return "Token(...)"


def read_token(authorization: str) -> Token:
    """The token of an Authorization header. Raises Unauthorized."""
    if not authorization:
        raise Unauthorized("no-token")
    if len(authorization) > LONGEST:
        raise Unauthorized("too-long")
    bearer = _BEARER.fullmatch(authorization)
    if bearer is None:
        raise Unauthorized("malformed")
    header, claims, signature = bearer[1].split(".")
    _bytes(signature)
    return Token(bearer[1], _object(header), _object(claims))


def _object(segment: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(segment).decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unauthorized("malformed") from None
    if not isinstance(found, dict):
        raise Unauthorized("malformed")
    return found


def _bytes(segment: str) -> bytes:
    """Base64url without padding, in its one canonical spelling: a second one would be a second token of one jti."""
    try:
        found = urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        raise Unauthorized("malformed") from None
    if urlsafe_b64encode(found).rstrip(b"=").decode() != segment:
        raise Unauthorized("malformed")
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
