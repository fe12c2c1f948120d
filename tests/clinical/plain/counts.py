"""The series of neutrophil counts: of the results of one specimen or one instant the best stays."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from cds_service.clinical.record import Result, When

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
MEASURED, SUM, PRODUCT = 3, 2, 1


@dataclass
class Count:
    """One usable neutrophil count, 10*9/L. ``merit`` is MEASURED, SUM (segmented + bands) or PRODUCT (% x WBC)."""

    value: Decimal
    comparator: str
    when: When
    specimen: str
    merit: int
    manual: bool
    issued: datetime
    sources: tuple[str, ...]


def is_low(count: Count) -> bool:
    """Below 1.5; a count with a sign is usable only where the sign settles it."""
    if count.comparator in ("<", "<="):
        return True
    if count.comparator in (">", ">="):
        return False
    return count.value < Decimal("1.5")


def counts_of(results: tuple[Result, ...]) -> list[Count]:
    """All usable counts, oldest first, one for each specimen and each instant."""
    usable = [result for result in results if result.usable and result.when is not None]
    found = _measured(usable) + _sums(usable) + _products(usable)
    kept = []
    for count in found:
        if not any(_same_blood(count, other) and _better(other, count) for other in found):
            kept.append(count)
    return sorted(kept, key=lambda count: count.when.at)


def _same_blood(one: Count, other: Count) -> bool:
    same_specimen = one.specimen != "" and one.specimen == other.specimen
    return one is not other and (same_specimen or one.when.at == other.when.at)


def _better(one: Count, other: Count) -> bool:
    """Measured before calculated, manual before automated, then the later issued; then the lower, then by name."""
    first = (one.merit, one.manual, one.issued)
    second = (other.merit, other.manual, other.issued)
    if first != second:
        return first > second
    if one.value != other.value:
        return one.value < other.value
    if _sign(one) != _sign(other):
        return _sign(one) < _sign(other)
    return one.sources > other.sources


def _sign(count: Count) -> int:
    """Of one number: less than it, just it, or more than it."""
    if count.comparator in ("<", "<="):
        return -1
    if count.comparator in (">", ">="):
        return 1
    return 0


def _measured(results: list[Result]) -> list[Count]:
    found = []
    for result in results:
        if result.analyte == "anc" and result.value is not None:
            found.append(_count(result.value, [result], MEASURED))
    return found


def _sums(results: list[Result]) -> list[Count]:
    found = []
    for segmented, bands in _pairs(results, "neutrophils-segmented", "neutrophils-band"):
        assert segmented.value is not None
        assert bands.value is not None
        found.append(_count(segmented.value + bands.value, [segmented, bands], SUM))
    return [count for count in found if count.value <= 100]


def _products(results: list[Result]) -> list[Count]:
    found = []
    for percent, cells in _pairs(results, "neutrophils-percent", "wbc"):
        assert percent.value is not None
        assert cells.value is not None
        found.append(_count(percent.value * cells.value / 100, [percent, cells], PRODUCT))
    return [count for count in found if count.value <= 100]


def _pairs(results: list[Result], first: str, second: str) -> list[tuple[Result, Result]]:
    """Each result of the one kind with that of the other which belongs to it.

    If several do, the latest issued; if that leaves several, the lowest.
    """
    pairs = []
    for one in results:
        if one.analyte != first or one.value is None or one.comparator:
            continue
        partners = []
        for other in results:
            if other.analyte == second and other.value is not None and not other.comparator and _together(one, other):
                partners.append(other)
        if partners:
            partners.sort(key=lambda other: (other.issued or _NEVER, -(other.value or Decimal(0)), other.source))
            pairs.append((one, partners[-1]))
    return pairs


def _together(one: Result, other: Result) -> bool:
    """The same specimen; or the same time, unless they name two specimens."""
    assert one.when is not None
    assert other.when is not None
    if one.specimen and other.specimen:
        return one.specimen == other.specimen
    return one.when.at == other.when.at


def _count(value: Decimal, parts: list[Result], merit: int) -> Count:
    first = parts[0]
    assert first.when is not None
    return Count(
        value=value,
        comparator=first.comparator,
        when=first.when,
        specimen=first.specimen,
        merit=merit,
        manual=first.manual and merit == MEASURED,
        issued=first.issued or _NEVER,
        sources=tuple(part.source for part in parts),
    )
