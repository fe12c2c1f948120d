"""What was noticed while one prefetch key was read: what made it incomplete, and what is only worth a note.

Resources are named by type and id alone; nothing else of them appears in a reason or note.
"""

from collections.abc import Iterator, Sequence

from cds_service.clinical.record import Completeness, Extent

_NAMED = 5
LONGEST_NAME = 80


class Ledger:
    """The running account of one key; ``given`` is how complete its data came."""

    def __init__(self, key: str, given: Completeness) -> None:
        self.key = key
        self.given = given
        self.foreign = 0
        self.pages_read = 0
        self.pages_lost = 0
        self._named: dict[str, list[str]] = {}
        self._gaps: dict[str, int] = {}
        self._notes: dict[str, int] = {}

    def unreadable(self, name: str) -> None:
        """A resource that could not be read, by type and id: the key is incomplete."""
        self._of("could not be read", name)

    def contradicted(self, name: str) -> None:
        """A resource that came in two versions of which neither is known to be the newer: the key is incomplete."""
        self._of("came twice, with different content and no later version", name)

    def _of(self, reason: str, name: str) -> None:
        """A reason why the key is incomplete, and the resource of which that is true, by type and id."""
        self._named.setdefault(reason, []).append(name[:LONGEST_NAME])

    def gap(self, reason: str) -> None:
        """Something that makes the key incomplete; ``{n}`` and ``{s}`` in it stand for how often it happened."""
        self._gaps[reason] = self._gaps.get(reason, 0) + 1

    def note(self, what: str) -> None:
        """Something a reader of the trace should know; ``{n}`` and ``{s}`` as in ``gap``."""
        self._notes[what] = self._notes.get(what, 0) + 1

    def notes(self) -> Iterator[str]:
        """The notes of this key, in plain words."""
        for what, times in self._notes.items():
            yield f"{self.key}: {_counted(what, times)}"
        if self.foreign:
            yield f"{self.key}: {_counted('{n} resource{s} of another patient dropped', self.foreign)}"

    def completeness(self) -> Completeness:
        """How complete the key is, all told. Losing every page is having none."""
        reasons = [_counted(reason, times) for reason, times in self._gaps.items()]
        reasons += [f"{reason}: {listed(names)}" for reason, names in self._named.items()]
        if self.pages_lost:
            reasons.append(_counted("{n} page{s} could not be read", self.pages_lost))
        extent = self.given.extent
        if reasons and extent is Extent.COMPLETE:
            extent = Extent.PARTIAL
        if self.pages_lost and not self.pages_read:
            extent = Extent.UNAVAILABLE
        given = [self.given.reason] if self.given.reason else []
        return Completeness(extent, "; ".join(given + reasons), self.given.foreign + self.foreign)


def listed(names: Sequence[str]) -> str:
    """The first few of many names."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _counted(what: str, times: int) -> str:
    return what.replace("{n}", str(times)).replace("{s}", "" if times == 1 else "s")
