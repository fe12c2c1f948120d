"""Member names that occur twice in one JSON object, where a decoder keeps the last and says nothing.

``"valueQuantity": {"value": 0.4}, "valueQuantity": {"value": 4.2}`` is a normal count to every reader, and may hide a
low one. RFC 8259 section 4 leaves open what such an object means. https://www.rfc-editor.org/rfc/rfc8259#section-4
"""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from cds_service.fhir.bundle import Outline
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.bundles import UNREADABLE, Json, raw_entries
from cds_service.fhir.read.ledger import LONGEST_NAME

_OUTLINE = msgspec.json.Decoder(Outline)
_BUNDLE = "the Bundle"
_DECODE = msgspec.json.Decoder().decode
_ENCODE = msgspec.json.Encoder().encode
_QUICK_UP_TO = 1_000_000
"""Bytes: a quick look holds all of the body decoded, about ten times its size."""


class _RepeatedError(Exception):
    """Ends the reading at the first name that occurs twice."""


def _check(members: list[tuple[str, Any]]) -> None:
    if len(dict(members)) != len(members):
        raise _RepeatedError


# Numbers are not converted: nobody looks at them, and one of thousands of digits would be an error.
_DECODER = json.JSONDecoder(object_pairs_hook=_check, parse_int=len, parse_float=len, parse_constant=len)


def repeats_a_name(body: Json) -> bool:
    """Whether any object in ``body`` has a name twice, escaped or not; True as well for what cannot be told.

    About 5 ms a megabyte, 8 where it is not told quickly: meant for a few resources, or for a second look.
    """
    text = bytes(body)
    if len(text) <= _QUICK_UP_TO and _loses_nothing(text):
        return False
    try:
        _DECODER.decode(str(text, "utf-8"))
    except (_RepeatedError, ValueError, RecursionError):
        return True
    return False


def _loses_nothing(text: bytes) -> bool:
    """Whether as many colons come out of a decoder as went in: each name has one, and a name that is lost takes its own
    away. An escaped colon would make up for one that was lost.
    """
    if b"\\" in text and b"\\u003" in text:
        return False
    try:
        return text.count(b":") == _ENCODE(_DECODE(text)).count(b":")
    except UNREADABLE:
        return False


def repeating_resources(data: KeyData) -> Iterator[str]:
    """The resources of a key in which a name occurs twice, by type and id."""
    for page in data.pages:
        if repeats_a_name(page):
            yield from tuple(_of_page(page)) or (_page_name(page),)


def _of_page(page: Json) -> Iterator[str]:
    try:
        entries = raw_entries(page)
    except UNREADABLE:
        return
    for entry in entries:
        if bytes(entry.resource) and repeats_a_name(entry.resource):
            yield _name_of(entry.resource)


def _page_name(page: Json) -> str:
    """What came for a key: a Bundle, or (for a read) the resource itself."""
    return _BUNDLE if _outline(page).resource_type in ("Bundle", None) else _name_of(page)


def _name_of(resource: Json) -> str:
    """ "Observation/anc-1", as far as the resource says so."""
    outline = _outline(resource)
    type_ = outline.resource_type or "a resource"
    return (f"{type_}/{outline.id}" if outline.id else f"{type_} without id")[:LONGEST_NAME]


def _outline(resource: Json) -> Outline:
    try:
        return _OUTLINE.decode(resource)
    except UNREADABLE:
        return Outline()
