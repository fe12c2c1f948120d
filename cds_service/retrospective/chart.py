"""The chart of one moment, as an EHR would have sent it: the prefetch of what was known by then, and the draft orders.

What an order says of its status is today's (``statuses``).
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec import Raw

from cds_service.clinical.scene import Hook
from cds_service.codes import prefetch_keys
from cds_service.hooks.context import Context, bare_id
from cds_service.hooks.request import HookRequest
from cds_service.hooks.services import Service
from cds_service.retrospective.dossier import Dossier, Item, Searches
from cds_service.retrospective.moments import Moment
from cds_service.retrospective.statuses import with_status

USER = "Practitioner/replay"
HOOK_INSTANCE = "5e7a0b1c-0d4e-4f6a-8b9c-2d1e0f3a4b5c"
_NULL = Raw(b"null")
_GAP = (
    b'{"search":{"mode":"outcome"},"resource":{"resourceType":"OperationOutcome",'
    b'"issue":[{"severity":"error","code":"incomplete"}]}}'
)
"""A server's own way to say that a search found more than it can give."""


class Source(NamedTuple):
    """What an export can answer: its ``types``, how it is searched, and whether ended orders are shown as running."""

    service: Service
    searches: Searches
    types: Collection[str]
    as_then: bool = False


def request_at(dossier: Dossier, items: Iterable[Item], moment: Moment, source: Source, *, gaps: bool) -> HookRequest:
    """The hook call of that moment, with the ``items`` that were known. ``gaps``: a line of theirs could not be read.

    A type that the export has nothing of is not sent: nobody asked for it. Raises BadRequest for an id that no EHR
    could send.
    """
    hook, drafts = Hook(source.service.hook), None
    if hook is not Hook.VIEW:
        drafts = Raw(_bundle("collection", map(_draft, moment.session)))
    selections = tuple(each.name for each in moment.session) if hook is Hook.SELECT else ()
    return HookRequest(
        hook=hook.value,
        hook_instance=HOOK_INSTANCE,
        context=Context(USER, bare_id(dossier.patient), "", selections, drafts),
        prefetch=dict(_prefetch(dossier, items, moment, source, gaps=gaps)),
    )


def shown(dossier: Dossier, moment: Moment) -> list[Item]:
    """What was known at a moment. An order that is being written is not on file yet."""
    known = (each for each in dossier.items if each.at is None or each.at <= moment.at)
    return [each for each in known if each not in moment.session]


def _prefetch(
    dossier: Dossier, items: Iterable[Item], moment: Moment, source: Source, *, gaps: bool
) -> Iterator[tuple[str, Raw]]:
    for key, kind in source.searches.type_of.items():
        if kind not in source.types:
            continue
        if key == prefetch_keys.PATIENT:
            yield key, Raw(max(dossier.patients)) if dossier.patients else _NULL
            continue
        lines = [_as_then(each, moment.at, source) for each in items if key in each.keys]
        beside = dossier.medications if key == prefetch_keys.MEDICATIONS and lines else ()
        entries = [*map(_entry, lines), *map(_included, beside), *([_GAP] if gaps else ())]
        yield key, Raw(_bundle("searchset", entries, len(lines))) if entries else _NULL


def status_in_doubt(item: Item, moment: datetime, source: Source) -> bool:
    """Whether an order of ours is shown as ended that may have run at the moment."""
    return bool(item.news and item.ending and item.ending.after(moment)) and not _runs_then(item, moment, source)


def _runs_then(item: Item, moment: datetime, source: Source) -> bool:
    return source.as_then and item.ending is not None and item.ending.stated_after(moment)


def _as_then(item: Item, moment: datetime, source: Source) -> bytes:
    return with_status(item.line, "active") if _runs_then(item, moment, source) else item.line


def _draft(item: Item) -> bytes:
    return _entry(with_status(item.line, "draft"))


def _entry(line: bytes) -> bytes:
    return b'{"resource":' + line + b"}"


def _included(line: bytes) -> bytes:
    return b'{"search":{"mode":"include"},"resource":' + line + b"}"


def _bundle(kind: str, entries: Iterable[bytes], total: int | None = None) -> bytes:
    counted = b"" if total is None else b'"total":%d,' % total
    return b'{"resourceType":"Bundle","type":"%s",%s"entry":[%s]}' % (kind.encode(), counted, b",".join(entries))
