"""The moments at which a patient's chart is judged: those asked for, or each at which something new was known."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from cds_service.clinical.scene import Hook
from cds_service.retrospective.dossier import ORDER, Dossier, Item


class Moment(NamedTuple):
    """An instant; ``session``: the orders that were written then, on an order hook."""

    at: datetime
    session: tuple[Item, ...] = ()


class Choice(NamedTuple):
    """Which moments: ``at`` these (none: each with news), no earlier than ``since``, no later than ``until``."""

    until: datetime
    at: tuple[datetime, ...] = ()
    since: datetime | None = None

    def takes(self, moment: datetime) -> bool:
        return moment <= self.until and (self.since is None or moment >= self.since)


def moments_of(dossier: Dossier, hook: Hook, choice: Choice) -> list[Moment]:
    """In the order of time. An order hook is called when orders were written, whatever instants are asked for."""
    if hook is not Hook.VIEW:
        found = _sessions(dossier.items)
    elif choice.at:
        return [Moment(at) for at in sorted(set(choice.at))]
    else:
        found = map(Moment, _news(dossier.items))
    return sorted((each for each in found if choice.takes(each.at)), key=lambda each: each.at)


def _news(items: Iterable[Item]) -> set[datetime]:
    """When a blood count was issued or an order of ours written; before the first such order there is nothing to say.

    An order without a date may be the first: then every count counts.
    """
    orders = [each.at for each in items if each.news and each.name.startswith(ORDER)]
    written = [at for at in orders if at is not None]
    first = min(written, default=None) if len(written) == len(orders) else None
    return {each.at for each in items if each.news and each.at is not None and (first is None or each.at >= first)}


def _sessions(items: Iterable[Item]) -> Iterator[Moment]:
    """Orders written at one instant are one session; those without one of ours are passed over."""
    sessions: dict[datetime, list[Item]] = {}
    for each in items:
        if each.name.startswith(ORDER) and each.at is not None:
            sessions.setdefault(each.at, []).append(each)
    return (Moment(at, tuple(orders)) for at, orders in sessions.items() if any(each.news for each in orders))
