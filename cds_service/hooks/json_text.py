"""What a JSON decoder lets through: bytes that are not UTF-8 inside raw values, and names that occur twice.

A duplicate name is last-wins in every decoder, so a second ``"neutrophils": null`` would silently empty the first.
"""

from typing import Any, TypeVar

import msgspec

from cds_service.errors import BadRequest

T = TypeVar("T")

MOST_NAMES = 1000
"""Members of ``context`` and ``prefetch``, or of one report of feedback: an EHR sends a few dozen."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"


class Name:
    """The name of a JSON member, equal only to itself, so that a dict keeps both of two that read the same."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


Members = dict[Name, msgspec.Raw]


class Names:
    """Counts the names read in one decoding, those of a member that a later one of the same name replaced included."""

    def __init__(self) -> None:
        self.read = 0

    def hook(self, kind: type, text: Any) -> Name:
        self.read += 1
        if self.read > MOST_NAMES:
            raise BadRequest(f"The body has an object of more than {MOST_NAMES} members: send fewer.")
        return Name(text)


def decode(json: bytes | msgspec.Raw, kind: type[T]) -> tuple[T, int]:
    """``json`` as ``kind``, and how many ``Name``s were read on the way. Raises msgspec's errors and RecursionError."""
    names = Names()
    value = msgspec.json.decode(json, type=kind, dec_hook=names.hook)
    return value, names.read


def decode_body(body: bytes, kind: type[T]) -> tuple[T, int]:
    """``decode`` for a whole request body.

    Raises BadRequest if it is no JSON (see ``utf8``), and msgspec.ValidationError if it is JSON of another kind.
    """
    try:
        return decode(utf8(body), kind)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as error:
        # The decoder's words give a position and never quote the body. NaN and Infinity are refused here too.
        raise BadRequest(f"The body is not JSON ({error}): send one JSON object.") from None
    except RecursionError:
        raise BadRequest("The body is nested too deeply: FHIR resources need far fewer levels.") from None


def utf8(body: bytes) -> bytes:
    """``body`` without a byte order mark. Raises BadRequest if it is empty, compressed or not UTF-8."""
    body = body.removeprefix(BYTE_ORDER_MARK)
    if not body.strip():
        raise BadRequest("The body is empty: send one JSON object.")
    if body.startswith(GZIP):
        raise BadRequest("The body is compressed: send JSON without Content-Encoding.")
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError as error:
            raise BadRequest(f"The body is not UTF-8 (at byte {error.start}): send JSON encoded as UTF-8.") from None
    return body


def by_name(members: Members, where: str) -> dict[str, msgspec.Raw]:
    """``members`` under plain names. Raises BadRequest for a name that occurs twice in ``where``."""
    named = {name.text: value for name, value in members.items()}
    if len(named) != len(members):
        raise BadRequest(f"{where}: the same name occurs twice. Send each name once.")
    return named
