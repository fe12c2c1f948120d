"""The two lines on causality: on the cards that weigh a rechallenge, and on no other."""

import pytest

from cds_service.advice.detail_causality import WEIGHS_A_RECHALLENGE
from tests.advice.writing import written
from tests.clinical.answers import assessed
from tests.clinical.notation import patient

RECOVERED = {
    "orders": "anakinra on-hold from day -90 until day -80 (reason neutropenia);"
    "anakinra on-hold from day -40 until day -9 (reason neutropenia); methotrexate active from day -50",
    "counts": "0.75 @ day -80; 2.0 @ day -78; 1.12 @ day -10; 2.4 @ day -4",
}


def _details(**cells: str) -> dict[str, str]:
    return {card["source"]["topic"]["code"]: card["detail"] for card in written(assessed(patient(**cells)))}


def test_scores_of_each_run_and_the_inputs_of_the_last() -> None:
    detail = _details(**RECOVERED)["switch-after-failed-rechallenge"]
    assert (
        "**Causality** (proposed): French method 0.75: C3S2B3; 1.12: C2S1B3 (recovered 5 days "
        "after stopping; not given again; also on record: methotrexate).\n"
        "Naranjo 7, 5, probable; a reviewer decides."
    ) in detail


@pytest.mark.parametrize("ordered", ["", "anakinra"])
def test_only_where_a_rechallenge_is_weighed(ordered: str) -> None:
    for code, detail in _details(**RECOVERED, ordered=ordered).items():
        assert ("**Causality**" in detail) == (code in WEIGHS_A_RECHALLENGE), code


def test_nothing_is_said_without_a_low_count_on_file() -> None:
    details = _details(orders="anakinra on-hold from day -20 until day -10 (reason neutropenia)", counts="2.4 @ day -4")
    assert "**Causality**" not in details["rechallenge-or-switch"]
