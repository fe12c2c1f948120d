"""The clinical core and its slow plain twin agree: on every line of the tables, and on made-up patients.

Where they differ, the specification decides who is right; a line in ``tables/`` then says so for both.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from cds_service.clinical.causality.propose import proposals
from cds_service.clinical.intervals import Ended
from cds_service.clinical.record import Record

from .answers import picture_of
from .courses import courses
from .moments import NOW
from .notation import patient
from .patients import patients
from .plain import causality, counts, episodes, exposure
from .tables import Line, lines, name_of
from .test_exposure import CAUSES, FAILED_COUNTS, FAILED_ORDERS

ENDED = {Ended.OPEN: "open", Ended.HOLD: "hold", Ended.STOP: "stop"}
TABLES = ("exposure", "held", "episodes", "history", "calculated-counts", "causality")


def by_the_service(record: Record) -> dict[str, Any]:
    picture = picture_of(record)
    use = picture.anakinra
    return {
        "counts": [(each.comparator, each.value, each.when, each.sources) for each in picture.counts],
        "intervals": [
            (each.start, each.end, ENDED[each.ended], each.start_approximate, each.end_approximate)
            for each in use.intervals
        ],
        "state": (str(use.use), CAUSES[use.cause]),
        "count since the hold": picture.count_since_hold,
        "episodes": [
            (each.nadir.comparator, each.nadir.value, each.nadir.when, each.recovered and each.recovered.when)
            for each in picture.history.episodes
        ],
        "history": str(picture.history.past),
        "causality": [
            {
                "onset": each.course.onset,
                "delay": str(each.course.delay),
                "stopping": str(each.stopping.answer),
                "again": (str(each.again.answer), each.again.inferred),
                "score": each.french.score,
                "alone": [other.french.score for other in each.alternatives],
                "naranjo": each.naranjo.score,
            }
            for each in proposals(picture)
        ],
    }


def by_the_plain_twin(record: Record) -> dict[str, Any]:
    series = counts.counts_of(record.results)
    intervals = exposure.intervals_of(record.medications, "anakinra", series, NOW)
    state = exposure.today(intervals, series, NOW)
    found = episodes.episodes_of(series, intervals)
    return {
        "counts": [(each.comparator, each.value, each.when, each.sources) for each in series],
        "intervals": [
            (each.start, each.end, each.how.replace("dose", "stop"), each.start_approximate, each.end_approximate)
            for each in intervals
        ],
        "state": (state.use, state.cause),
        "count since the hold": exposure.counted_since_the_hold(state, series),
        "episodes": [
            (each.nadir.comparator, each.nadir.value, each.nadir.when, each.recovery and each.recovery.when)
            for each in found
        ],
        "history": episodes.history_of(record, "anakinra", found, intervals, series, NOW),
        "causality": [
            {
                "onset": each.onset,
                "delay": each.delay,
                "stopping": each.stopping,
                "again": (each.again, each.inferred),
                "score": each.score,
                "alone": each.alone,
                "naranjo": each.naranjo,
            }
            for each in causality.proposals_of(record, intervals, series, NOW)
        ],
    }


def assert_alike(record: Record) -> None:
    service, plain = by_the_service(record), by_the_plain_twin(record)
    for what, answer in plain.items():
        assert service[what] == answer, what


@pytest.mark.parametrize("line", [line for table in TABLES for line in lines(table)], ids=name_of)
def test_on_every_line_of_the_tables(line: Line) -> None:
    assert_alike(line.record)


@pytest.mark.parametrize("line", lines("tolerated"), ids=name_of)
def test_on_what_came_after_a_failure(line: Line) -> None:
    third = {"orders": FAILED_ORDERS + line["third exposure"], "counts": FAILED_COUNTS + line["counts"]}
    assert_alike(patient(**third))


def often(examples: int) -> settings:
    slow_is_fine = (HealthCheck.too_slow, HealthCheck.data_too_large)
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow_is_fine)


@often(1000)
@given(courses())
def test_on_eventful_courses(cells: dict[str, str]) -> None:
    assert_alike(patient(**cells))


@often(300)
@given(patients())
def test_on_any_patient(record: Record) -> None:
    assert_alike(record)


@pytest.mark.slow
@often(20_000)
@given(courses())
def test_on_very_many_eventful_courses(cells: dict[str, str]) -> None:
    assert_alike(patient(**cells))


@pytest.mark.slow
@often(6_000)
@given(patients())
def test_on_very_many_patients(record: Record) -> None:
    assert_alike(record)
