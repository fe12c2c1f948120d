"""The French imputability method, tables of 1985 (source BEG85), as source S1 used it.

C is chronology, S semiology, B bibliography, I the intrinsic score made of C and S. Every input is a proposal from the
record; what only a person can judge (a very suggestive delay, evocative signs, a specific test) is named as such.
"""

from dataclasses import dataclass

from cds_service.clinical.causality.courses import Delay
from cds_service.clinical.causality.dechallenge import Dechallenge
from cds_service.clinical.causality.rechallenge import Rechallenge

_COLUMN = {Rechallenge.RECURRED: 0, Rechallenge.NONE: 1, Rechallenge.TOLERATED: 2}

# Rows: dechallenge; columns: R+, R0, R-. For a compatible delay; an incompatible one is C0 throughout.
_COMPATIBLE = {
    Dechallenge.SUGGESTIVE: ("C3", "C2", "C1"),
    Dechallenge.INCONCLUSIVE: ("C3", "C1", "C1"),
    Dechallenge.NOT_SUGGESTIVE: ("C1", "C1", "C1"),
}
# For a delay that a reviewer calls very suggestive.
_VERY_SUGGESTIVE = {
    Dechallenge.SUGGESTIVE: ("C3", "C3", "C1"),
    Dechallenge.INCONCLUSIVE: ("C3", "C2", "C1"),
    Dechallenge.NOT_SUGGESTIVE: ("C1", "C1", "C1"),
}
# With no specific test (L0) and signs that are not evocative: by whether another cause is possible.
_SEMIOLOGY = {False: "S2", True: "S1"}
# The cells of the intrinsic table that were checked at its source; the others stay open.
_INTRINSIC = {
    ("C1", "S1"): "I1",
    ("C1", "S2"): "I1",
    ("C1", "S3"): "I2",
}
BIBLIOGRAPHY = "B3"
"""Neutropenia is in the label of anakinra."""


@dataclass(frozen=True, slots=True)
class French:
    """One proposed score; ``i`` is "" where the table's cell is not verified."""

    c: str
    s: str
    b: str
    i: str

    @property
    def score(self) -> str:
        """As source S1 writes it: "C3S2B3"."""
        return f"{self.c}{self.s}{self.b}"


def french(delay: Delay, dechallenge: Dechallenge, rechallenge: Rechallenge, *, other_cause: bool) -> French:
    """The score of these inputs."""
    c = chronology(delay, dechallenge, rechallenge)
    s = _SEMIOLOGY[other_cause]
    return French(c, s, BIBLIOGRAPHY, "I0" if c == "C0" else _INTRINSIC.get((c, s), ""))


def chronology(
    delay: Delay, dechallenge: Dechallenge, rechallenge: Rechallenge, *, very_suggestive: bool = False
) -> str:
    """C0 to C3. ``very_suggestive`` is what a reviewer may say of a compatible delay."""
    if delay is Delay.INCOMPATIBLE:
        return "C0"
    table = _VERY_SUGGESTIVE if very_suggestive else _COMPATIBLE
    return table[dechallenge][_COLUMN[rechallenge]]
