"""How high a count lies: on a logarithmic axis (half of a count is the same step everywhere) or on a linear one."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import log10

LOG, LINEAR = "log", "linear"
_TOPS = (3, 5, 10, 15, 20, 30, 50, 100)
_FLOORS = (Decimal("0.3"), Decimal("0.1"), Decimal("0.01"))
_ZERO_AS = Decimal("0.13")
_LABELLED = tuple(
    Decimal(each) for each in ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100"]
)
_STEPS = ("0.5", "1", "2", "5", "10", "20")


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """From ``floor`` (at ``bottom``) to ``ceiling`` (at ``top``, the smaller coordinate), in 10*9/L."""

    kind: str
    floor: Decimal
    ceiling: Decimal
    top: float
    bottom: float

    def y(self, value: Decimal) -> float:
        """A value below the floor of a log axis lies on the floor: ``below`` tells."""
        part = self._part(min(max(value, self.floor), self.ceiling))
        return self.bottom - part * (self.bottom - self.top)

    def _part(self, value: Decimal) -> float:
        if self.kind == LINEAR:
            return float((value - self.floor) / (self.ceiling - self.floor))
        low, high = log10(self.floor), log10(self.ceiling)
        return (log10(value) - low) / (high - low)

    def below(self, value: Decimal) -> bool:
        return self.kind == LOG and value < self.floor

    @property
    def ticks(self) -> tuple[Decimal, ...]:
        if self.kind == LOG:
            return tuple(each for each in _LABELLED if self.floor <= each <= self.ceiling)
        step = next((s for s in map(Decimal, _STEPS) if self.ceiling / s <= 7), Decimal(_STEPS[-1]))
        return tuple(step * number for number in range(int(self.ceiling / step) + 1))


def value_axis(kind: str, values: Iterable[Decimal], top: float, bottom: float) -> ValueAxis:
    """The axis that holds these values and every threshold."""
    known = list(values)
    highest = max(known, default=Decimal(10))
    # A logarithm knows no zero: one is drawn on the floor, far enough down.
    lowest = min((each or _ZERO_AS for each in known), default=Decimal(1))
    ceiling = Decimal(next((each for each in _TOPS if each >= highest * Decimal("1.05")), _TOPS[-1]))
    if kind == LINEAR:
        return ValueAxis(kind, Decimal(0), ceiling, top, bottom)
    floor = next((each for each in _FLOORS if lowest >= each * Decimal("1.3")), _FLOORS[-1])
    return ValueAxis(kind, floor, ceiling, top, bottom)
