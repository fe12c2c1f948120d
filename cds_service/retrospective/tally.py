"""How often each kind of advice would have been given, to how many patients, and what could not be evaluated."""

from array import array
from collections import Counter
from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from cds_service.audit.account import NONE
from cds_service.retrospective.evaluate import Evaluation, NotEvaluated


class Advice(NamedTuple):
    """One advice code: in how many evaluations and of how many patients, and with which indicators."""

    code: str
    evaluations: int
    patients: int
    per_100: float
    indicators: dict[str, int]


class Tally:
    """The sum of many evaluations. It holds no evaluation, and of patients only who they were.

    ``undated``, ``ended_since``, ``incomplete``: evaluations of which that is true.
    """

    def __init__(self) -> None:
        self.evaluations = 0
        self.patients: set[str] = set()
        self.outcomes: Counter[str] = Counter()
        self.not_evaluated: Counter[NotEvaluated] = Counter()
        self.undated = self.ended_since = self.incomplete = 0
        self.silent_and_ended_since = 0
        self._fired: Counter[str] = Counter()
        self._patients: dict[str, set[str]] = {}
        self._indicators: dict[str, Counter[str]] = {}
        self._milliseconds = array("d")

    def add(self, evaluation: Evaluation) -> None:
        self.evaluations += 1
        self.patients.add(evaluation.patient)
        self.outcomes[evaluation.outcome] += 1
        self.not_evaluated.update(dict.fromkeys(evaluation.not_evaluated, 1))
        self.undated += evaluation.undated > 0
        self.ended_since += evaluation.ended_since > 0
        self.incomplete += evaluation.incomplete
        self.silent_and_ended_since += evaluation.outcome == NONE and evaluation.ended_since > 0
        self._milliseconds.append(evaluation.milliseconds)
        for code in dict.fromkeys(card.code for card in evaluation.cards):
            self._fired[code] += 1
            self._patients.setdefault(code, set()).add(evaluation.patient)
        for card in evaluation.cards:
            self._indicators.setdefault(card.code, Counter())[card.indicator] += 1

    @property
    def milliseconds(self) -> float:
        """The median time of an evaluation; 0 without one."""
        return median(self._milliseconds) if self._milliseconds else 0.0

    def advice(self) -> Iterable[Advice]:
        """The most frequent first."""
        for code, times in sorted(self._fired.items(), key=lambda each: (-each[1], each[0])):
            share = round(100 * times / self.evaluations, 1)
            yield Advice(code, times, len(self._patients[code]), share, dict(self._indicators[code].most_common()))
