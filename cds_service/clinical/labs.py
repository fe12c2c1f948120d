"""Laboratory and bedside results by analyte, oldest first, and what a comparator still lets one conclude."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from cds_service.clinical.record import Result

_LOW_IS_WORSE = frozenset({"platelets", "hemoglobin", "fibrinogen", "egfr"})
"""Of all others a rule asks whether they are high (a weight is neither)."""


class Labs:
    """The usable, dated results of a record, looked up by analyte and age at one instant."""

    def __init__(self, results: Iterable[Result], now: datetime) -> None:
        self._now = now
        self._found: dict[str, list[Result]] = {}
        self._sorted: set[str] = set()
        for result in results:
            if result.when is not None and not result.unusable and not result.pending:
                self._found.setdefault(result.analyte, []).append(result)

    def within(self, analyte: str, span: timedelta) -> tuple[Result, ...]:
        """Results at most ``span`` old, oldest first (of the same instant, the later issued last)."""
        oldest = self._now - span
        return tuple(each for each in self._of(analyte) if each.when and each.when.at >= oldest)

    def latest(self, analyte: str, span: timedelta) -> Result | None:
        """The latest result, if it is at most ``span`` old."""
        found = self._of(analyte)
        if not found or found[-1].when is None or self._now - found[-1].when.at > span:
            return None
        return found[-1]

    def _of(self, analyte: str) -> list[Result]:
        """Sorted when first asked for: most analytes of a chart are asked for by no rule."""
        found = self._found.get(analyte, [])
        if analyte not in self._sorted:
            found.sort(key=_order)
            self._sorted.add(analyte)
        return found


def _order(result: Result) -> tuple[datetime | None, datetime | None, Decimal, str]:
    """Of one instant the later issued is last; where none is later the worse one, whatever they are called."""
    at = result.when.at if result.when else None
    value = result.value or Decimal(0)
    worse = value.copy_negate() if result.analyte in _LOW_IS_WORSE else value
    return at, result.issued or at, worse, result.source


def above(result: Result, limit: Decimal, *, or_equal: bool = False) -> bool | None:
    """Whether the value is above a limit (or equal to it); None where a comparator leaves it open ("<5" against 3)."""
    value = result.value
    if value is None:
        return None
    match result.comparator:
        case "<":
            return False if value <= limit else None
        case "<=":
            return False if value < limit or (value == limit and not or_equal) else None
        case ">":
            return True if value >= limit else None
        case ">=":
            return True if value > limit or (value == limit and or_equal) else None
        case _:
            return value > limit or (or_equal and value == limit)


def ratio(result: Result) -> Decimal | None:
    """The value as a multiple of the upper limit of normal its own report gives; None without one."""
    if result.value is None or not result.upper_limit or result.upper_limit <= 0:
        return None
    return result.value / result.upper_limit
