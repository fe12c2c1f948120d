"""Criteria test and say the same thing: what the published decision table prints is what is evaluated."""

from cds_service.clinical.criteria import BELOW_HALF, FEVER, LOW, MILD, RISING, TREND_UNKNOWN
from cds_service.clinical.neutrophils import Anc, Trend
from cds_service.clinical.state import State


def test_words_and_tests_are_put_together_alike() -> None:
    both = FEVER & (BELOW_HALF | (LOW & ~RISING))
    assert both.words == "fever and (ANC below 0.5, or ANC below 1.5 and trend not rising)"
    assert both(State(Anc.BELOW_0_5, Trend.RISE, fever=True))
    assert both(State(Anc.EXACTLY_1, Trend.FLAT, fever=True))
    assert not both(State(Anc.EXACTLY_1, Trend.RISE, fever=True))
    assert not both(State(Anc.BELOW_0_5, Trend.RISE))


def test_the_opposite_has_words_of_its_own() -> None:
    assert (~MILD).words == "any other listed drug"
    assert MILD.words.startswith("one of carbamazepine, ciclosporin, ")
    assert (~~MILD).words == MILD.words
    assert (~TREND_UNKNOWN).words == "not (trend unknown)"
    state = State(Anc.NONE, mild=True)
    assert (MILD(state), (~MILD)(state), (~~MILD)(state)) == (True, False, True)
