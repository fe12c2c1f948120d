"""At which moments a chart is judged."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cds_service.clinical.scene import Hook
from cds_service.retrospective.moments import Choice, moments_of
from tests.retrospective.exports import VIEW, Json, by_type, condition, count, order, read_from

FIRST, SECOND, THIRD = "2026-11-01T08:00:00Z", "2026-11-08T08:00:00Z", "2026-11-15T08:00:00Z"
BEFORE = "2026-10-01T08:00:00Z"
ALL = Choice(datetime(2026, 12, 1, tzinfo=UTC))


def moments(folder: Path, *resources: Json, hook: str = VIEW, choice: Choice = ALL) -> list[str]:
    dossier = read_from(by_type(folder, resources), hook).dossiers["p1"]
    return [each.at.isoformat().replace("+00:00", "Z") for each in moments_of(dossier, Hook(hook), choice)]


def weight(taken: str) -> Json:
    return count(70, taken, "weight-1", code={"coding": [{"code": "29463-7"}]})


def test_whenever_a_count_or_an_order_was_new(tmp_path: Path) -> None:
    counted = count(0.9, SECOND, "a", issued=THIRD)
    assert moments(tmp_path, order(), counted, count(4, SECOND, "b"), condition()) == [FIRST, SECOND, THIRD]


def test_two_things_of_one_instant_are_one_moment(tmp_path: Path) -> None:
    assert moments(tmp_path, order(), count(0.9, FIRST, "a"), count(4, FIRST, "b")) == [FIRST]


def test_counts_before_the_first_order_are_nothing_to_us(tmp_path: Path) -> None:
    assert moments(tmp_path, order(), count(4, BEFORE)) == [FIRST]
    assert moments(tmp_path / "2", order(authoredOn=None), order("tocilizumab", "2"), count(4, BEFORE)) == [
        BEFORE,
        FIRST,
    ]


def test_orders_of_other_drugs_and_other_results_are_no_news(tmp_path: Path) -> None:
    assert moments(tmp_path, order(), order("aspirin", "2", authoredOn=SECOND), weight(THIRD)) == [FIRST]


def test_an_order_of_another_spelling_of_the_same_instant(tmp_path: Path) -> None:
    assert moments(tmp_path, order(), order(id_="2", authoredOn="2026-11-01T09:00:00+01:00")) == [FIRST]


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (ALL._replace(since=datetime(2026, 11, 8, tzinfo=UTC)), [SECOND, THIRD]),
        (ALL._replace(until=datetime(2026, 11, 8, 8, tzinfo=UTC)), [FIRST, SECOND]),
        (ALL._replace(at=(datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))), None),
    ],
)
def test_only_those_that_were_asked_for(choice: Choice, found: list[str] | None, tmp_path: Path) -> None:
    told = [order(), count(0.9, SECOND, "a"), count(0.9, THIRD, "b")]
    assert moments(tmp_path, *told, choice=choice) == (found or ["2026-01-01T00:00:00Z", "2026-11-09T00:00:00Z"])


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_an_order_hook_is_called_when_an_order_was_written(hook: str, tmp_path: Path) -> None:
    told = [
        order(),
        order("aspirin", "2"),
        order("aspirin", "3", authoredOn=SECOND),
        order("methotrexate", "4", authoredOn=THIRD),
    ]
    folder = by_type(tmp_path, [*told, count(0.9, SECOND), order(id_="5", authoredOn=None)])
    found = moments_of(read_from(folder, hook).dossiers["p1"], Hook(hook), ALL)
    sessions = [[each.name for each in moment.session] for moment in found]
    assert sessions == [["MedicationRequest/order-1", "MedicationRequest/2"], ["MedicationRequest/4"]]
