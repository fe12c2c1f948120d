"""The Naranjo adverse drug reaction probability scale (source NAR): ten questions, and a category for their sum.

What the record cannot answer stays "unknown" and counts nothing: a reviewer fills it in.
"""

from dataclasses import dataclass
from enum import StrEnum

from cds_service.clinical.causality.courses import Delay
from cds_service.clinical.causality.dechallenge import Dechallenge
from cds_service.clinical.causality.rechallenge import Rechallenge


class Said(StrEnum):
    """The answer to one question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_QUESTIONS = (
    ("Are there previous conclusive reports on this reaction?", 1, 0),
    ("Did the event appear after the drug was given?", 2, -1),
    ("Did it improve when the drug was stopped?", 1, 0),
    ("Did it reappear when the drug was given again?", 2, -1),
    ("Are there alternative causes that could have caused it?", -1, 2),
    ("Did it reappear when a placebo was given?", -1, 1),
    ("Was the drug found in the blood in a toxic concentration?", 1, 0),
    ("Was it more severe with a higher dose, or less with a lower one?", 1, 0),
    ("Was there a similar reaction to this or a similar drug before?", 1, 0),
    ("Was it confirmed by objective evidence?", 1, 0),
)
_CATEGORIES = ((9, "definite"), (5, "probable"), (1, "possible"))
_DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Item:
    """One question with its proposed answer, its points, and why."""

    number: int
    question: str
    answer: Said
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class Naranjo:
    """All ten items; the sum is a proposal as long as one of them is unknown."""

    items: tuple[Item, ...]

    @property
    def score(self) -> int:
        return sum(item.points for item in self.items)

    @property
    def category(self) -> str:
        return next((name for least, name in _CATEGORIES if self.score >= least), _DOUBTFUL)

    @property
    def unknown(self) -> tuple[int, ...]:
        """The numbers of the questions a reviewer has to answer."""
        return tuple(item.number for item in self.items if item.answer is Said.UNKNOWN)


def naranjo(
    delay: Delay, dechallenge: Dechallenge, rechallenge: Rechallenge, *, other_causes: tuple[str, ...], before: bool
) -> Naranjo:
    """The scale from these inputs. ``before``: an earlier episode on an earlier exposure is on record."""
    ask_reviewer = (Said.UNKNOWN, "not in the record: for the reviewer")
    answers = (
        (Said.YES, "neutropenia is in the label of anakinra"),
        _after(delay),
        _improved(dechallenge),
        _reappeared(rechallenge),
        (Said.YES, "on record: " + ", ".join(other_causes))
        if other_causes
        else (Said.UNKNOWN, "none recorded: the reviewer has to exclude them"),
        ask_reviewer,
        ask_reviewer,
        ask_reviewer,
        (Said.YES, "an earlier episode on an earlier exposure")
        if before
        else (Said.UNKNOWN, "no earlier episode on record"),
        (Said.YES, "neutrophil counts"),
    )
    return Naranjo(tuple(_item(number, *answer) for number, answer in enumerate(answers, 1)))


def _item(number: int, answer: Said, why: str) -> Item:
    question, yes, no = _QUESTIONS[number - 1]
    points = {Said.YES: yes, Said.NO: no, Said.UNKNOWN: 0}[answer]
    return Item(number, question, answer, points, why)


def _after(delay: Delay) -> tuple[Said, str]:
    if delay is Delay.INCOMPATIBLE:
        return Said.NO, "it was low before the first dose"
    return Said.YES, "it began during an exposure, or at most 10 days after one"


def _improved(dechallenge: Dechallenge) -> tuple[Said, str]:
    if dechallenge is Dechallenge.SUGGESTIVE:
        return Said.YES, "it recovered after stopping"
    if dechallenge is Dechallenge.NOT_SUGGESTIVE:
        return Said.NO, "it did not recover with stopping"
    return Said.UNKNOWN, "stopping is inconclusive"


def _reappeared(rechallenge: Rechallenge) -> tuple[Said, str]:
    return {
        Rechallenge.RECURRED: (Said.YES, "low again on the first re-exposure"),
        Rechallenge.TOLERATED: (Said.NO, "not low again on the first re-exposure"),
        Rechallenge.NONE: (Said.UNKNOWN, "no re-exposure that tells"),
    }[rechallenge]
