"""The outline of a Bundle or resource: the few fields that tell whether data are complete. Pure.

One typed pass over the bytes reads them; clinical content is left to ``fhir.read``. A Bundle with one odd entry or link
is read piece by piece instead, and what could not be read is counted, never passed over: it could have been a result.
"""

from typing import Any, TypeVar

import msgspec

from cds_service.fhir.failures import NotFhir

_T = TypeVar("_T")


class Link(msgspec.Struct, gc=False):
    """``Bundle.link``."""

    relation: Any = None
    url: Any = None


class Search(msgspec.Struct, gc=False):
    """``Bundle.entry.search``."""

    mode: Any = None


class Resource(msgspec.Struct, rename="camel"):
    """What any resource says of itself; ``issue`` is an OperationOutcome's."""

    resource_type: Any = None
    id: Any = None
    issue: Any = None


class Entry(msgspec.Struct):
    """``Bundle.entry``."""

    search: Search | None = None
    resource: Resource | None = None


class Outline(Resource):
    """A resource that may be a Bundle."""

    type: Any = None
    total: Any = None
    link: list[Link] | None = None
    entry: list[Entry] | None = None


class _Pieces(Resource):
    type: Any = None
    total: Any = None
    link: msgspec.Raw = msgspec.Raw(b"null")
    entry: msgspec.Raw = msgspec.Raw(b"null")


_OUTLINE = msgspec.json.Decoder(Outline)
_PIECES = msgspec.json.Decoder(_Pieces)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def outline(body: bytes | msgspec.Raw) -> tuple[Outline, int]:
    """The outline of a JSON object, and how many entries and links in it are not what FHIR says; raises ``NotFhir``."""
    try:
        return _OUTLINE.decode(body), 0
    except msgspec.ValidationError:
        return _piece_by_piece(body)
    except _UNREADABLE as error:
        deep = isinstance(error, RecursionError)
        raise NotFhir("nested too deeply" if deep else "malformed or cut short") from None


def _piece_by_piece(body: bytes | msgspec.Raw) -> tuple[Outline, int]:
    try:
        pieces = _PIECES.decode(body)
    except _UNREADABLE:
        raise NotFhir("no JSON object") from None
    links, odd_links = _items(pieces.link, Link)
    entries, odd_entries = _items(pieces.entry, Entry)
    head = {name: getattr(pieces, name) for name in ("resource_type", "id", "issue", "type", "total")}
    return Outline(**head, link=links, entry=entries), odd_links + odd_entries


def _items(raw: msgspec.Raw, kind: type[_T]) -> tuple[list[_T], int]:
    """The items of a JSON list that have the right shape, and how many have not (a list that is none counts as one)."""
    items: list[_T] = []
    try:
        pieces = msgspec.json.decode(raw, type=list[msgspec.Raw] | None) or []
    except _UNREADABLE:
        return items, 1
    for piece in pieces:
        try:
            items.append(msgspec.json.decode(piece, type=kind))
        except _UNREADABLE:
            continue
    return items, len(pieces) - len(items)
