"""One series of neutrophil counts from all results: measured where there is one, else calculated. ANC in 10*9/L.

Of two results of one specimen or one instant the better stays: measured over calculated, segmented + bands over
percent x white cells, a manual differential over an automated one, then the later issued. Where no issue is given, the
specimen's date stands for it: where one specimen is named again and again, the newest count must not be lost.
Source: clinical specification 0.3, sections 2 and 3.
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

    @property
    def certain(self) -> bool:
        """A number, not a limit such as "<0.5"."""
        return not self.comparator


def series(results: Iterable[Result]) -> tuple[Count, ...]:
    """The usable counts, oldest first, one for each specimen and instant: the best one of those that compete."""
    usable = [result for result in results if result.usable and result.value is not None and result.when is not None]
    candidates = [*_measured(usable), *_from_parts(usable), *_from_percent(usable)]
    candidates.sort(key=lambda count: (_RANK[count.how], count.issued or count.when.at, count.sources), reverse=True)
    kept: list[Count] = []
    specimens: set[str] = set()
    instants: set[datetime] = set()
    for count in candidates:
        if count.specimen not in specimens and count.when.at not in instants:
            kept.append(count)
        instants.add(count.when.at)
        if count.specimen:
            specimens.add(count.specimen)
    return tuple(sorted(kept, key=lambda count: count.when.at))


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
    """Two results of the same specimen, or of the same instant; of several partners the one issued last."""
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


def _issued(result: Result) -> tuple[datetime, str]:
    """The later issued of one specimen is its correction."""
    return result.issued or (result.when.at if result.when else _LONG_AGO), result.source


def _at_once(result: Result, by_instant: dict[datetime, list[Result]]) -> Result | None:
    """The result of the same instant that was issued last; one of another specimen is no basis for a sum."""
    partners = by_instant.get(result.when.at, []) if result.when is not None else []
    return next((each for each in reversed(partners) if not _of_two_specimens(result, each)), None)


def _of_two_specimens(one: Result, other: Result) -> bool:
    return bool(one.specimen and other.specimen) and one.specimen != other.specimen
