"""Grading a low neutrophil count by a named scale, never by a bare adjective.

CTCAE is the US National Cancer Institute's Common Terminology Criteria for Adverse Events, "neutrophil count
decreased". Versions 5 (2017) and 6 number the same counts differently, in 10*9/L:

=====================  ========  ========
count                  version 5 version 6
=====================  ========  ========
1.0 to below 1.5       grade 2   grade 1
0.5 to below 1.0       grade 3   grade 2
0.1 to below 0.5       grade 4   grade 3
below 0.1              grade 4   grade 4
=====================  ========  ========

Grade 1 of version 5 begins at the laboratory's own lower limit, which no rule here knows: from 1.5 there is no grade.
"Mild, moderate, severe" are the usual bands below 1.5, 1.0 and 0.5.
https://dctd.cancer.gov/research/ctep-trials/for-sites/adverse-events
"""

from decimal import Decimal
from typing import NamedTuple

CTCAE_BOUNDS = (Decimal("0.1"), Decimal("0.5"), Decimal("1.0"), Decimal("1.5"))
_DEEPEST, _DEEP, _MIDDLE, _TOP = CTCAE_BOUNDS


class Grade(NamedTuple):
    """One band: the usual word, and the grades of both versions as text ("3 or 4" where a limit leaves it open)."""

    word: str
    v5: str
    v6: str

    def __str__(self) -> str:
        return f"{self.word}; CTCAE v5 grade {self.v5}, v6 grade {self.v6}"


_MILD = Grade("mild", "2", "1")
_MODERATE = Grade("moderate", "3", "2")
_SEVERE = Grade("severe", "4", "3")
_SEVERE_OPEN = Grade("severe", "4", "3 or 4")
_SEVEREST = Grade("severe", "4", "4")


def grade_of(value: Decimal, comparator: str = "") -> Grade | None:
    """The grade of a count in 10*9/L; None from 1.5 on. A limit ("<0.5") may fit two grades of version 6."""
    if comparator in (">", ">=") or (value >= _TOP and not comparator):
        return None
    if comparator in ("<", "<="):
        surely_deepest = value < _DEEPEST or (value == _DEEPEST and comparator == "<")
        return _SEVEREST if surely_deepest else _SEVERE_OPEN
    if value >= _MIDDLE:
        return _MILD
    if value >= _DEEP:
        return _MODERATE
    return _SEVERE if value >= _DEEPEST else _SEVEREST
