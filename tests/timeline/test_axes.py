"""The two axes: where an instant and a value lie, what is cut out, and what is written beside them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from cds_service.timeline.ticks import ticks_of
from cds_service.timeline.time_axis import TimeAxis, time_axis
from cds_service.timeline.value_axis import LINEAR, LOG, value_axis

DAY_0 = datetime(2026, 1, 1, 12, tzinfo=UTC)
CASE_1_DAYS = (0, 4, 6, 26, 31, 33, 181, 184, 189, 336, 433, 438)


def axis(*days: float, width: float = 800) -> TimeAxis:
    return time_axis([DAY_0 + timedelta(days=day) for day in days], 0, width)


def test_months_without_events_are_cut_out() -> None:
    assert [cut.days for cut in axis(*CASE_1_DAYS).cuts] == [148, 147, 97]


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (range(0, 900, 91), "quarterly counts are the usual gap, not a hole"),
        (range(30), "daily counts"),
        ((0, 1, 2, 31), "less than 30 days"),
        ((0,), "a single event"),
    ],
)
def test_what_is_not_cut(days: list[int], why: str) -> None:
    assert axis(*days).cuts == (), why


def test_there_are_never_more_than_six_cuts() -> None:
    days = [year * 400 + day for year in range(20) for day in range(8)]
    assert len(axis(*days, width=2000).cuts) == 6
    assert len(axis(*days, width=300).cuts) == 2


@pytest.mark.parametrize("days", [CASE_1_DAYS, (0,), (0, 0.01), (0, 5000), tuple(range(300))])
@pytest.mark.parametrize("width", [200, 800, 3000])
def test_later_is_further_right_and_all_is_within(days: tuple[float, ...], width: float) -> None:
    drawn = axis(*days, width=width)
    first, last = min(days), max(days)
    steps = [first + (last - first) * part / 50 for part in range(51)]
    xs = [drawn.x(DAY_0 + timedelta(days=day)) for day in steps]
    assert all(a <= b for a, b in pairwise(xs))
    assert drawn.segments[0].left == 0
    assert abs(drawn.segments[-1].right - width) < 0.1
    assert 0 <= drawn.x(DAY_0 - timedelta(days=999)) <= drawn.x(DAY_0 + timedelta(days=9999)) <= width


def test_events_of_two_stretches_are_on_two_scales() -> None:
    drawn = axis(*CASE_1_DAYS)
    assert [drawn.place_of(DAY_0 + timedelta(days=day)) for day in (0, 33, 181, 336, 438)] == [0, 0, 1, 2, 3]


def test_days_are_counted_from_the_first_dose() -> None:
    labels = [tick.label for tick in ticks_of(axis(-2, 0, 10, 27), UTC, DAY_0.date())]
    assert labels == ["-2", "0", "2", "4", "6", "8", "10", "12", "14", "16", "18", "20", "22", "24", "26"]


def test_behind_a_cut_the_first_label_is_the_day_of_the_next_event() -> None:
    labels = [tick.label for tick in ticks_of(axis(*CASE_1_DAYS), UTC, DAY_0.date())]
    assert [label for label in labels if int(label) > 100] == ["181", "186", "336", "433", "438"]


def test_dates_name_the_year_once_a_stretch() -> None:
    ticks = ticks_of(axis(0, 5, 10), UTC)
    assert [(tick.label, tick.below) for tick in ticks][:2] == [("1 Jan", "2026"), ("2 Jan", "")]


@pytest.mark.parametrize(("days", "first"), [(400, ("Jan", "2026")), (9000, ("2026", "")), (60_000, ("2030", ""))])
def test_long_spans_are_told_in_months_or_years(days: int, first: tuple[str, str]) -> None:
    ticks = ticks_of(axis(*range(0, days, days // 40)), UTC)
    assert (ticks[0].label, ticks[0].below) == first
    assert len(ticks) <= 16


@pytest.mark.parametrize("days", [1, 3, 10, 60, 200, 1000, 9000])
@pytest.mark.parametrize("day_0", [None, date(2026, 1, 1)])
def test_labels_have_room(days: int, day_0: date | None) -> None:
    ticks = ticks_of(axis(*(days * part / 40 for part in range(41))), UTC, day_0)
    assert ticks
    assert all(b.x - a.x >= 34 for a, b in pairwise(ticks))


@pytest.mark.parametrize(
    ("values", "kind", "floor", "ceiling"),
    [
        ("0.75 6.19", LOG, "0.3", "10"),
        ("0.32 9.6", LOG, "0.1", "15"),
        ("0.05 2", LOG, "0.01", "3"),
        ("0 2", LOG, "0.1", "3"),
        ("0.75 6.19", LINEAR, "0", "10"),
        ("99.9", LINEAR, "0", "100"),
        ("", LOG, "0.3", "15"),
    ],
)
def test_the_value_axis_holds_all_values_and_thresholds(values: str, kind: str, floor: str, ceiling: str) -> None:
    drawn = value_axis(kind, map(Decimal, values.split()), 100, 400)
    assert (drawn.floor, drawn.ceiling) == (Decimal(floor), Decimal(ceiling))
    ys = [drawn.y(Decimal(each)) for each in ("0", "0.5", "1", "1.5", "2", "3")]
    assert ys == sorted(ys, reverse=True)
    assert ys[0] == 400
    assert drawn.ticks[0] >= drawn.floor
    assert len(drawn.ticks) <= 11


def test_on_a_log_axis_half_is_the_same_step_everywhere() -> None:
    drawn = value_axis(LOG, [Decimal("0.2"), Decimal(9)], 0, 400)
    steps = [drawn.y(Decimal(low)) - drawn.y(Decimal(high)) for low, high in (("0.5", "1"), ("1", "2"), ("4", "8"))]
    assert max(steps) - min(steps) < 0.001


def test_zero_lies_on_the_floor_and_is_known_to_lie_below_it() -> None:
    drawn = value_axis(LOG, [Decimal(0), Decimal(9)], 0, 400)
    assert (drawn.y(Decimal(0)), drawn.below(Decimal(0)), drawn.below(Decimal("0.1"))) == (400, True, False)
    assert not value_axis(LINEAR, [Decimal(0)], 0, 400).below(Decimal(0))
