"""What a base row asks of a state: a test and its words in one piece, so that the published table cannot drift.

``FEVER & LOW`` tests both and reads "fever and ANC below 1.5"; ``|`` reads "or", ``~`` reads the opposite.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cds_service.clinical.episodes import Past
from cds_service.clinical.exposure import Use
from cds_service.clinical.mas import Mas
from cds_service.clinical.neutrophils import BELOW_1 as ANC_BELOW_1
from cds_service.clinical.neutrophils import LOW as ANC_LOW
from cds_service.clinical.neutrophils import NORMAL as ANC_NORMAL
from cds_service.clinical.neutrophils import Anc, Trend
from cds_service.clinical.state import MILD_CONFOUNDERS, State

Test = Callable[[State], bool]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A test of a state; ``words`` say it to a clinician, ``otherwise`` say its opposite.

    ``either`` is True for words that are joined by "or" and need brackets beside an "and".
    """

    words: str
    test: Test
    otherwise: str = ""
    either: bool = False

    def __call__(self, state: State) -> bool:
        return self.test(state)

    def __and__(self, other: "Criterion") -> "Criterion":
        one, two = self.test, other.test
        words = " and ".join(f"({each.words})" if each.either else each.words for each in (self, other))
        return Criterion(words, lambda state: one(state) and two(state))

    def __or__(self, other: "Criterion") -> "Criterion":
        one, two = self.test, other.test
        return Criterion(f"{self.words}, or {other.words}", lambda state: one(state) or two(state), either=True)

    def __invert__(self) -> "Criterion":
        test = self.test
        return Criterion(self.otherwise or f"not ({self.words})", lambda state: not test(state), self.words)


def _anc(words: str, *bins: Anc) -> Criterion:
    among = frozenset(bins)
    return Criterion(words, lambda state: state.anc in among)


BELOW_HALF = _anc("ANC below 0.5", Anc.BELOW_0_5)
HALF_TO_1 = _anc("ANC from 0.5 to below 1.0", Anc.FROM_0_5)
HALF_TO_1_INCLUDED = _anc("ANC from 0.5 to 1.0, 1.0 included", Anc.FROM_0_5, Anc.EXACTLY_1)
BELOW_1 = _anc("ANC below 1.0", *ANC_BELOW_1)
LOW = _anc("ANC below 1.5", *ANC_LOW)
FROM_1_5_TO_2 = _anc("ANC from 1.5 to below 2.0", Anc.FROM_1_5)
NORMAL = _anc("ANC 1.5 or above", *ANC_NORMAL)
NO_COUNT = _anc("no count on file", Anc.NONE)
STALE = _anc("the latest count is too old", Anc.STALE)
UNREADABLE = _anc("the newest neutrophil result cannot be read", Anc.UNINTERPRETABLE)

FEVER = Criterion("fever", lambda state: state.fever)
FALLING_OR_UNKNOWN = Criterion("trend falling or unknown", lambda state: state.trend in (Trend.FALL, Trend.UNKNOWN))
RISING = Criterion("trend rising", lambda state: state.trend is Trend.RISE, "trend not rising")
TREND_UNKNOWN = Criterion("trend unknown", lambda state: state.trend is Trend.UNKNOWN)
STEEP_FALL = Criterion("a steep fall", lambda state: state.steep_fall)

ON = Criterion("anakinra on", lambda state: state.anakinra is Use.ON)
HELD = Criterion("anakinra held", lambda state: state.anakinra is Use.HELD)
NOT_IN_USE = Criterion("anakinra neither on nor held", lambda state: state.anakinra is Use.OFF)
COUNTED_SINCE = Criterion("a count since the hold", lambda state: state.count_since_hold, "no count since the hold")
EARLY_HOLD = Criterion("in the first 48 h, last count not below 0.5", lambda state: state.early_hold)
RESTARTED = Criterion("the current exposure began at most 90 days ago", lambda state: state.restarted)

FAILED = Criterion("a failed rechallenge", lambda state: state.history is Past.FAILED)
PRIOR = Criterion("an earlier episode that ended", lambda state: state.history is Past.PRIOR)

MAS = Criterion("MAS pattern (M1 or M1b)", lambda state: state.mas is not Mas.NONE)
HLH = Criterion("HLH or MAS coded as active", lambda state: state.hlh)
TOCILIZUMAB = Criterion("on tocilizumab", lambda state: state.tocilizumab, "a new start of tocilizumab")
OTHER_BLOCKER = Criterion(
    "another IL-1 or IL-6 blocker active",
    lambda state: state.other_blocker,
    "no other IL-1 or IL-6 blocker active",
)
START_LABS = Criterion(
    "platelets and ALT or AST within 30 days",
    lambda state: state.start_labs,
    "no platelets, or neither ALT nor AST, within 30 days",
)
ALREADY_ACTIVE = Criterion("the drug is already active", lambda state: state.already_active)
MILD = Criterion(f"one of {', '.join(sorted(MILD_CONFOUNDERS))}", lambda state: state.mild, "any other listed drug")
ANYTHING_ELSE = Criterion("anything else", lambda _: True)

URGENT = FEVER & (BELOW_HALF | (HALF_TO_1 & FALLING_OR_UNKNOWN))
ONCE_LOW = FAILED | PRIOR
NO_CURRENT_COUNT = NO_COUNT | STALE
NOT_RECHECKED = HELD & ~COUNTED_SINCE
NEEDS_COUNT = NO_CURRENT_COUNT | NOT_RECHECKED
