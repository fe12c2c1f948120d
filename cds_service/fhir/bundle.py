"""Bundles of FHIR R4, typed: whole pages decoded in one pass, or kept raw to be read entry by entry.

https://hl7.org/fhir/R4/bundle.html
"""

from typing import Any, Generic, TypeVar

from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from cds_service.codes.prefetch_keys import CONDITIONS, MEDICATIONS, WITH_OBSERVATIONS
from cds_service.fhir.elements import ABSENT, Element
from cds_service.fhir.resources import AnyMedication, Condition, Observation, Untagged

Content = TypeVar("Content")


class Link(Element):
    relation: str | None = None
    url: str | None = None


class Search(Element):
    mode: str | None = None


class Entry(Element, Generic[Content]):
    full_url: str | None = None
    search: Search | None = None
    resource: Content | None = None


class Page(Element, Generic[Content]):
    """A Bundle decoded in one go, for pages whose entries are all of one type."""

    resource_type: str | None = None
    type: str | None = None
    total: int | None = None
    link: list[Link] | None = None
    entry: list[Entry[Content]] | None = None


class RawEntry(Element):
    full_url: str | None = None
    search: Search | None = None
    resource: Raw = ABSENT


class RawEntries(Element):
    """A Bundle whose resources stay as sent."""

    entry: list[RawEntry] | None = None


class RawPage(Element):
    """A Bundle whose entries are decoded one by one."""

    resource_type: str | None = None
    entry: list[Raw] | None = None


class Outline(Untagged):
    """Only as much of a resource as it takes to name it."""


_DECODERS: dict[str, Decoder[Any]] = {
    MEDICATIONS: Decoder(Page[AnyMedication]),
    CONDITIONS: Decoder(Page[Condition]),
    **dict.fromkeys(WITH_OBSERVATIONS, Decoder(Page[Observation])),
}


def whole_page(key: str, body: bytes | Raw) -> Page[Any] | None:
    """A page of this prefetch key in one typed pass; None where it needs a closer look.

    That is a page with a malformed entry, or with a resource of another type, such as an OperationOutcome.
    """
    decoder = _DECODERS.get(key)
    try:
        return decoder.decode(body) if decoder else None
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
