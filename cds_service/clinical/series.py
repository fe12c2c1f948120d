"""One series of neutrophil counts from all results: measured where there is one, else calculated. ANC in 10*9/L.

Of two results of one specimen or one instant the better stays: measured over calculated, segmented + bands over
percent x white cells, a manual differential over an automated one, then the later issued.
Source: clinical specification 0.3, sections 2 and 3. Where that leaves a tie, the lowest stays, and it is said that
others differ: no order of names may hide a low count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from cds_service.clinical.record import Result, When

IMPLAUSIBLE = Decimal(100)
"""A neutrophil count above this (10*9/L) is refused: more likely a wrong unit than a patient."""

MEASURED, MANUAL = "measured", "manual differential"
FROM_PARTS, FROM_PERCENT = "calculated: segmented + bands", "calculated: percent x WBC"
_RANK = {MANUAL: 3, MEASURED: 2, FROM_PARTS: 1, FROM_PERCENT: 0}
_SIGNS = {"<": 1, "<=": 1, ">": -1, ">=": -1}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Count(NamedTuple):
    """One usable neutrophil count of the series."""

    value: Decimal
    when: When
    sources: tuple[str, ...]
    how: str = MEASURED
    comparator: str = ""
    issued: datetime | None = None
    date_is_issued: bool = False
    specimen: str = ""
    rivals: tuple[str, ...] = ()
    """Results of the same specimen or instant that nothing makes worse, and that say more than this one."""

    @property
    def certain(self) -> bool:
        """A number, not a limit such as "<0.5"."""
        return not self.comparator


def instant_of(count: Count) -> datetime:
    """By which a series is sorted."""
    return count.when.at


def series(results: Iterable[Result]) -> tuple[Count, ...]:
    """The usable counts, oldest first, one for each specimen and instant: the best one of those that compete."""
    usable = [result for result in results if result.usable and result.value is not None and result.when is not None]
    candidates = [*_measured(usable), *_from_parts(usable), *_from_percent(usable)]
    candidates.sort(key=lambda count: (*_merit(count), *_lowness(count), count.sources), reverse=True)
    kept: list[Count] = []
    specimens: dict[str, Count] = {}
    instants: dict[datetime, Count] = {}
    rivals: defaultdict[Count, list[str]] = defaultdict(list)
    for count in candidates:
        best = specimens.get(count.specimen) or instants.get(count.when.at)
        if best is None:
            kept.append(count)
        elif _merit(best) == _merit(count) and _lowness(best) != _lowness(count):
            rivals[best] += [source for source in count.sources if source not in best.sources]
        instants.setdefault(count.when.at, count)
        if count.specimen:
            specimens.setdefault(count.specimen, count)
    if rivals:
        kept = [count._replace(rivals=tuple(dict.fromkeys(rivals.get(count, ())))) for count in kept]
    return tuple(sorted(kept, key=instant_of))


def _merit(count: Count) -> tuple[int, datetime]:
    return _RANK[count.how], count.issued or _LONG_AGO


def _lowness(count: Count) -> tuple[Decimal, int]:
    """Greater for a lower count; "<0.5" is lower than 0.5, and ">2.0" higher than 2.0."""
    return count.value.copy_negate(), _SIGNS.get(count.comparator, 0)


def _count(value: Decimal, *parts: Result, how: str) -> Count:
    first = parts[0]
    assert first.when is not None  # noqa: S101 - only dated results reach here; told to the type checker
    return Count(
        value=value,
        when=first.when,
        sources=tuple(part.source for part in parts),
        how=how,
        comparator=first.comparator if len(parts) == 1 else "",
        issued=first.issued,
        date_is_issued=first.date_is_issued,
        specimen=first.specimen,
    )


def _measured(usable: list[Result]) -> Iterator[Count]:
    for result in usable:
        if result.analyte == "anc" and result.value is not None:
            yield _count(result.value, result, how=MANUAL if result.manual else MEASURED)


def _from_parts(usable: list[Result]) -> Iterator[Count]:
    for segmented, bands in _pairs(usable, "neutrophils-segmented", "neutrophils-band"):
        value = (segmented.value or Decimal(0)) + (bands.value or Decimal(0))
        if value <= IMPLAUSIBLE:
            yield _count(value, segmented, bands, how=FROM_PARTS)


def _from_percent(usable: list[Result]) -> Iterator[Count]:
    for percent, white_cells in _pairs(usable, "neutrophils-percent", "wbc"):
        value = (percent.value or Decimal(0)) * (white_cells.value or Decimal(0)) / 100
        if value <= IMPLAUSIBLE:
            yield _count(value, percent, white_cells, how=FROM_PERCENT)


def _pairs(usable: list[Result], one: str, other: str) -> Iterator[tuple[Result, Result]]:
    """Two results of the same specimen, or of the same instant.

    Of several partners the one issued last; of several of those the lowest.
    """
    ones = [result for result in usable if result.analyte == one and not result.comparator]
    if not ones:
        return
    by_specimen: dict[str, Result] = {}
    by_instant: defaultdict[datetime, list[Result]] = defaultdict(list)
    for result in sorted(usable, key=_issued):
        if result.analyte == other and not result.comparator and result.when is not None:
            by_instant[result.when.at].append(result)
            if result.specimen:
                by_specimen[result.specimen] = result
    for result in ones:
        partner = by_specimen.get(result.specimen) or _at_once(result, by_instant)
        if partner is not None:
            yield result, partner


def _issued(result: Result) -> tuple[datetime, Decimal, str]:
    """The later issued of one specimen is its correction; where none is later, the lower of them is taken."""
    return result.issued or _LONG_AGO, (result.value or Decimal(0)).copy_negate(), result.source


def _at_once(result: Result, by_instant: dict[datetime, list[Result]]) -> Result | None:
    """The result of the same instant that was issued last; one of another specimen is no basis for a sum."""
    partners = by_instant.get(result.when.at, []) if result.when is not None else []
    return next((each for each in reversed(partners) if not _of_two_specimens(result, each)), None)


def _of_two_specimens(one: Result, other: Result) -> bool:
    return bool(one.specimen and other.specimen) and one.specimen != other.specimen
