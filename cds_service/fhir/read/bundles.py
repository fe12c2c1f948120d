"""The entries of Bundle pages, decoded all at once; entry by entry only where one of them is malformed.

One bad entry must not cost the others: it is skipped, named by type and id, and the key then counts as incomplete.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw

from cds_service.codes.resource_types import RESOURCE_TYPES
from cds_service.fhir.bundle import Entry, Outline, Page, RawEntries, RawEntry, RawPage
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.ledger import Ledger
from cds_service.fhir.resources import Condition, Observation, Tagged

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that decoding can raise: wrong types and bad JSON, bad UTF-8, nesting without end."""

Content = TypeVar("Content", bound=Condition | Observation | Tagged)
Json = bytes | Raw

_NO_TYPE = "a resource without type"
_ODD_TYPE = "a resource of no type that FHIR has"
_RAW_ENTRIES = msgspec.json.Decoder(RawEntries)
_RAW_PAGE = msgspec.json.Decoder(RawPage)
_RAW_ENTRY = msgspec.json.Decoder(RawEntry)
_OUTLINE = msgspec.json.Decoder(Entry[Outline])


def raw_entries(page: Json) -> list[RawEntry]:
    """Each entry of a Bundle with its resource's JSON, an unreadable one empty. Raises one of ``UNREADABLE``."""
    try:
        return _RAW_ENTRIES.decode(page).entry or []
    except msgspec.ValidationError:
        pass  # one of the entries is no object: each by itself
    return [_raw_entry(entry) for entry in _RAW_PAGE.decode(page).entry or ()]


def _raw_entry(entry: Raw) -> RawEntry:
    try:
        return _RAW_ENTRY.decode(entry)
    except UNREADABLE:
        return RawEntry()


class Originals:
    """The resources of one page byte for byte, decoded only if somebody asks."""

    def __init__(self, page: Json) -> None:
        self._page = page
        self._entries: list[RawEntry] | None = None

    def __getitem__(self, position: int) -> bytes:
        if self._entries is None:
            self._entries = raw_entries(self._page)
        return bytes(self._entries[position].resource)


class Hit(msgspec.Struct, Generic[Content], gc=False):
    """One resource found: its name ("Observation/anc-1"), the account of its key, and where it stood."""

    resource: Content
    source: str
    ledger: Ledger
    full_url: str | None
    position: int
    originals: Originals

    @property
    def original(self) -> bytes:
        """The resource as sent, byte for byte."""
        return self.originals[self.position]


class Reader(Generic[Content]):
    """Reads the pages of one key. ``content`` is the type of its resources, ``wanted`` their FHIR names."""

    def __init__(self, content: Any, *wanted: str) -> None:
        self._wanted = frozenset(wanted)
        self._page = msgspec.json.Decoder(Page[content])
        self._entry = msgspec.json.Decoder(Entry[content])

    def hits(self, data: KeyData, ledger: Ledger) -> Iterator[Hit[Content]]:
        """The resources of the wanted types; all else is noted, or counted as a gap, in the ledger."""
        for page, typed in zip_longest(data.pages, data.typed):
            entries = typed.entry or () if typed is not None else self._entries(page, ledger)
            if entries is None:
                ledger.pages_lost += 1
                continue
            ledger.pages_read += 1
            originals = Originals(page)
            for position, entry in enumerate(entries):
                resource, search = entry.resource, entry.search
                if resource is None:
                    continue
                if search is not None and search.mode == "outcome":
                    _pass_over(resource.resource_type, ledger)
                    continue
                id_ = resource.id
                source = f"{resource.resource_type}/{id_}" if id_ else _nameless(entry, position)
                yield Hit(resource, source, ledger, entry.full_url, position, originals)

    def _entries(self, page: Json, ledger: Ledger) -> Sequence[Entry[Content]] | None:
        """The entries in their order, unreadable ones empty; None if the page is no Bundle at all."""
        try:
            decoded = self._page.decode(page)
        except UNREADABLE:
            return self._one_by_one(page, ledger)
        return decoded.entry or () if _is_bundle(decoded.resource_type, decoded.entry) else None

    def _one_by_one(self, page: Json, ledger: Ledger) -> Sequence[Entry[Content]] | None:
        try:
            decoded = _RAW_PAGE.decode(page)
        except UNREADABLE:
            return None
        if not _is_bundle(decoded.resource_type, decoded.entry):
            return None
        return [self._one(entry, ledger) for entry in decoded.entry or ()]

    def _one(self, entry: Raw, ledger: Ledger) -> Entry[Content]:
        try:
            return self._entry.decode(entry)
        except UNREADABLE:
            self._name(entry, ledger)
            return Entry()

    def _name(self, entry: Raw, ledger: Ledger) -> None:
        """Why an entry could not be decoded: another type of resource is only noted."""
        try:
            outline = _OUTLINE.decode(entry).resource or Outline()
        except UNREADABLE:
            ledger.unreadable("an entry")
            return
        if outline.resource_type in self._wanted:
            type_, id_ = outline.resource_type, outline.id
            ledger.unreadable(f"{type_}/{id_}" if id_ else f"{type_} without id")
        else:
            _pass_over(outline.resource_type, ledger)


def _nameless(entry: Entry[Any], position: int) -> str:
    """What a resource without an id is called."""
    return entry.full_url or f"{entry.resource.resource_type} without id ({position})"  # type: ignore[union-attr]


def _is_bundle(resource_type: str | None, entry: Sequence[object] | None) -> bool:
    """A Bundle; one that forgot to say so is known by its entries."""
    return resource_type == "Bundle" or (resource_type is None and entry is not None)


def _pass_over(type_: str | None, ledger: Ledger) -> None:
    """A resource nobody asked for is noted; what it is must at least be said, as FHIR says it."""
    if not type_:
        ledger.unreadable(_NO_TYPE)
    elif type_ not in RESOURCE_TYPES:
        ledger.unreadable(_ODD_TYPE)
    elif type_ == "Bundle":
        ledger.unreadable("a Bundle among the results")
    elif type_ == "OperationOutcome":
        ledger.note("the server sent {n} warning{s} (OperationOutcome) among the results")
    else:
        ledger.note("{n} resource{s} of another type ignored")
