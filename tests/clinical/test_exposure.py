"""Exposure, holds, episodes, history and fever, against the tables."""

import pytest

from cds_service.clinical.exposure import Cause

from . import notation
from .answers import interval_words, picture_of
from .tables import Line, lines, name_of

CAUSES = {
    Cause.NONE: "",
    Cause.REASON: "reason",
    Cause.LOW_COUNT: "low count",
    Cause.NOT_RECORDED: "not recorded",
}
FAILED_ORDERS = (
    "anakinra on-hold from day -500 until day -490 (reason neutropenia);"
    "anakinra on-hold from day -450 until day -440 (reason neutropenia);"
)
FAILED_COUNTS = "0.75 @ day -491; 2.0 @ day -488; 1.12 @ day -441; 2.2 @ day -438;"


@pytest.mark.parametrize("line", lines("exposure"), ids=name_of)
def test_intervals_of_exposure(line: Line) -> None:
    exposure = picture_of(line.record).anakinra
    assert "; ".join(interval_words(each) for each in exposure.intervals) == line["intervals"]
    if "state" in line.cells:
        assert exposure.use == line["state"]


HELD = [line for line in lines("held") if "state" in line.cells]
COUNTED_SINCE = [line for line in lines("held") if "count since" in line.cells]


@pytest.mark.parametrize("line", HELD, ids=name_of)
def test_on_held_or_off(line: Line) -> None:
    exposure = picture_of(line.record).anakinra
    assert (exposure.use, CAUSES[exposure.cause]) == (line["state"], line["because"])


@pytest.mark.parametrize("line", COUNTED_SINCE, ids=name_of)
def test_count_since_the_hold(line: Line) -> None:
    assert picture_of(line.record).count_since_hold == (line["count since"] == "yes")


@pytest.mark.parametrize("line", lines("episodes"), ids=name_of)
def test_episodes(line: Line) -> None:
    episodes = picture_of(line.record).history.episodes
    found = [
        f"{each.nadir.comparator}{each.nadir.value} {'ended' if each.recovered else 'lasting'}" for each in episodes
    ]
    assert "; ".join(found) == line["episodes"]


@pytest.mark.parametrize("line", lines("history"), ids=name_of)
def test_history(line: Line) -> None:
    history = picture_of(line.record).history
    assert history.past == line["history"]
    if "nadirs" in line.cells:
        assert ", ".join(str(each.nadir.value) for each in history.episodes) == line["nadirs"]


@pytest.mark.parametrize("line", lines("tolerated"), ids=name_of)
def test_tolerated_after_a_failure(line: Line) -> None:
    record = notation.patient(
        orders=FAILED_ORDERS + line["third exposure"],
        counts=FAILED_COUNTS + line["counts"],
    )
    history = picture_of(record).history
    assert history.past == line["history"]
    assert {0.75, 1.12} <= {float(each.nadir.value) for each in history.episodes}, "nadirs are kept"


@pytest.mark.parametrize("line", lines("fever"), ids=name_of)
def test_fever(line: Line) -> None:
    fever = picture_of(line.record).fever
    assert ("yes" if fever.yes else "not known") == line["fever"]
    assert bool(fever.sources) == fever.yes
