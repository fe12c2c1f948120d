"""One version of each resource: the same one may come on two pages, under two keys, or corrected.

The later ``lastUpdated`` wins, then the higher ``versionId``. Copies that neither tells apart are one if they say the
same, as they do wherever a server or client repeats itself; if they do not, each is kept, for nobody knows which of
them holds. https://hl7.org/fhir/R4/resource.html#Meta
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast

import msgspec

from cds_service.fhir.read.bundles import UNREADABLE, Hit
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.read.ledger import Ledger
from cds_service.fhir.read.numbers import number_of
from cds_service.fhir.resources import Condition, Observation, Resource, Tagged

Content = TypeVar("Content", bound=Condition | Observation | Tagged)


class _Version(NamedTuple):
    changed: datetime | None
    number: int | None


def choose(hits: Iterable[Hit[Content]], dates: Dates) -> Iterator[Sequence[Hit[Content]]]:
    """Each resource once, in the order first seen: one hit, or several that contradict one another.

    What has neither id nor fullUrl cannot be compared, and stands for itself.
    """
    first: dict[str | int, Hit[Content]] = {}
    again: dict[str | int, list[Hit[Content]]] = {}
    for number, hit in enumerate(hits):
        known = first.setdefault(hit.source, hit)
        if known is hit:
            continue
        if hit.resource.id or hit.full_url:
            again.setdefault(hit.source, [known]).append(hit)
        else:
            first[number] = hit
    for key, hit in first.items():
        yield _different(_newest(again[key], dates)) if key in again else (hit,)


def tell(copies: Sequence[Hit[Any]], also: Ledger | None = None) -> None:
    """Copies that contradict one another make each key that has one, and ``also``, incomplete. One copy does not."""
    if len(copies) > 1:
        ledgers = {id(ledger): ledger for ledger in (also, *(hit.ledger for hit in copies)) if ledger}
        for ledger in ledgers.values():
            ledger.contradicted(copies[0].source)


def _newest(copies: Sequence[Hit[Content]], dates: Dates) -> Sequence[Hit[Content]]:
    """The copies that no other is known to be newer than, the dated ones first."""
    versions = [(_version(hit.resource, dates), hit) for hit in copies]
    last_change = max((version.changed for version, _ in versions if version.changed), default=None)
    newest = [(version, hit) for version, hit in versions if version.changed == last_change and last_change]
    undated = [(version, hit) for version, hit in versions if version.changed is None]
    return [hit for group in (newest, undated) for hit in _highest(group)]


def _highest(copies: Sequence[tuple[_Version, Hit[Content]]]) -> Iterator[Hit[Content]]:
    """Those of the highest number, and those without one."""
    highest = max((version.number for version, _ in copies if version.number is not None), default=None)
    yield from (hit for version, hit in copies if version.number in (highest, None))


def _version(resource: Resource, dates: Dates) -> _Version:
    meta = resource.meta
    if meta is None:
        return _Version(None, None)
    number = meta.version_id or ""
    known = number.isascii() and number.isdigit() and len(number) <= 9
    return _Version(dates.instant(meta.last_updated), int(number) if known else None)


def _different(copies: Sequence[Hit[Content]]) -> Sequence[Hit[Content]]:
    different: dict[Hashable, Hit[Content]] = {}
    for hit in copies:
        different.setdefault(content_of(hit.resource), hit)
    return tuple(different.values())


def content_of(value: Any) -> Hashable:
    """What a resource, or a part of it, says to this service: equal for two that differ in ``meta`` or layout only."""
    if isinstance(value, msgspec.Struct):
        names = (name for name in value.__struct_fields__ if name != "meta")
        return type(value), tuple(content_of(getattr(value, name)) for name in names)
    if isinstance(value, list):
        return tuple(map(content_of, value))
    if isinstance(value, msgspec.Raw):
        number = number_of(value)
        return _without_white_space(value) if number is None else number
    return cast(Hashable, value)  # a string, true or false, or None


def _without_white_space(raw: msgspec.Raw) -> bytes:
    try:
        return msgspec.json.format(bytes(raw), indent=-1)
    except UNREADABLE:
        return bytes(raw)  # the empty one of a member that was not sent; compared as it came
