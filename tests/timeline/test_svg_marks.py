"""The marks of the drawing: each count, bar, dose, hold and stop tells what it is, when, and how sure that is."""

import re

import pytest
from hypothesis import given, settings

from cds_service.clinical.record import Record
from cds_service.fhir.read.remarks import Certainty, Remark
from cds_service.timeline.look import Look
from cds_service.timeline.svg import svg_of
from cds_service.timeline.table import rows_of
from tests.clinical.patients import patients
from tests.timeline.charts import BUSY, CASE_1, CASE_2, LOOKS, chart, chart_of_record, marks, story_chart, told, words


def test_every_mark_can_be_reached_and_says_what_it_is() -> None:
    drawn = svg_of(BUSY)
    found = marks(drawn, "mark")
    assert len(found) == 5 + 2 + 3 + 1 + 1 + 1  # counts, dated unreadable ones, bars, stop, dose, episode
    for mark in found:
        assert mark.get("tabindex") == "0"
        assert mark.get("role") == "img"
        assert mark.get("data-source", "").split()[0].split("/")[0] in told(mark)
        assert mark.get("aria-label") == told(mark).replace("\n", "; ")


def test_a_count_tells_value_date_scale_exposure_certainty_and_source() -> None:
    point = marks(svg_of(story_chart(CASE_1)), "point")[1]
    assert told(point).splitlines() == [
        "0.75 \u00d710\u2079/L, 14 Sep 2025 07:00 (day 4)",
        "moderate; CTCAE v5 grade 3, v6 grade 2",
        "on anakinra, day 4",
        'approximate: the count is stated, "by day 4" is not an exact day',
        "Observation/case1g-anc-4",
    ]
    assert point.get("data-source") == "Observation/case1g-anc-4"
    assert point.get("data-date") == "2025-09-14"


@pytest.mark.parametrize(("story", "number"), [(CASE_1, 9), (CASE_2, 3)])
def test_a_case_has_a_mark_for_each_count_and_each_has_its_row(story: str, number: int) -> None:
    drawn = marks(svg_of(story_chart(story)), "point")
    rows = [row for row in rows_of(story_chart(story)) if row.what.startswith("neutrophils")]
    assert [mark.get("data-source") for mark in drawn] == [row.source for row in rows]
    assert len(drawn) == number


def test_stated_approximate_and_inferred_look_different() -> None:
    looks = {
        kind: re.sub(r"[\d.]+", "", _shape(Remark(kind, kind.value, number_open=kind is Certainty.INFERRED)))
        for kind in Certainty
    }
    assert len(set(looks.values())) == 3
    stated, day_only = (_shape(Remark(Certainty.INFERRED, "inferred", number_open=open_)) for open_ in (True, False))
    assert stated != day_only


def _shape(remark: Remark) -> str:
    drawn = svg_of(chart({"Observation/1": remark}, counts="2.4 @ day -1"))
    found = re.search(r'<g class="tl-mark tl-point".*?</title>(.*?)</g>', drawn, re.DOTALL)
    assert found is not None
    return found[1]


def test_a_result_that_cannot_be_read_is_drawn_as_such_at_its_date() -> None:
    drawn = svg_of(BUSY)
    assert [told(mark).splitlines()[:2] for mark in marks(drawn, "unread")] == [
        ["Neutrophil result that cannot be read, 23 Oct 2026 (day 20)", "the unit is not in the table"],
        ["Pending neutrophil result, 21 Nov 2026 (day 49)", "pending: not final yet"],
    ]
    assert "not a number" in words(drawn)
    assert "Not drawn: 1 neutrophil result without a date" in words(drawn)


def test_a_hold_and_a_stop_say_when_and_why() -> None:
    assert told(marks(svg_of(BUSY), "stop")[0]).splitlines()[0] == (
        "anakinra held: the order's reason names neutropenia, 14 Oct 2026 (day 11)"
    )
    assert "held 14 Oct: neutropenia" in words(svg_of(BUSY))
    assert "held day 11: neutropenia" in words(svg_of(BUSY, Look(days=True)))


def test_a_bar_tells_what_is_not_recorded() -> None:
    orders = "anakinra stopped from day -40 (last written day -5); tocilizumab completed from day -30"
    firsts = [told(bar).splitlines()[0] for bar in marks(svg_of(chart(orders=orders)), "bar")]
    assert firsts == [
        "anakinra: from 13 Oct 2026 (day 0), to about 17 Nov 2026 (day 35)",
        "tocilizumab: from 23 Oct 2026 (day 10), ended; when is not recorded",
    ]


def test_a_start_that_is_not_recorded_is_a_stub_and_no_date_at_all_is_named() -> None:
    drawn = svg_of(chart(orders="anakinra stopped until day -5; tocilizumab stopped", counts="2 @ day -9"))
    assert [told(bar).splitlines()[0] for bar in marks(drawn, "bar")] == [
        "anakinra: start not recorded, to 17 Nov 2026",
    ]
    assert "Not drawn, no date recorded: tocilizumab" in words(drawn)


def test_a_dose_long_before_the_axis_is_told_in_the_table_only() -> None:
    long_ago = chart(counts="2 @ day -9", orders="filgrastim given day -900; filgrastim given day -8")
    assert [told(mark).splitlines()[0] for mark in marks(svg_of(long_ago), "dose")] == ["filgrastim given, 14 Nov 2026"]
    assert [row.what for row in rows_of(long_ago)].count("filgrastim given") == 2


def test_a_stop_without_room_for_its_words_still_tells_them_on_hover() -> None:
    orders = "; ".join(
        f"anakinra stopped from day -{n} until day -{n - 2} (reason neutropenia)" for n in range(60, 3, -4)
    )
    drawn = svg_of(chart(orders=orders))
    assert len(marks(drawn, "stop")) == 15
    assert 2 <= len([line for line in words(drawn) if line.startswith("stopped ")]) < 15


@settings(max_examples=60, deadline=None)
@given(record=patients())
def test_any_record_is_drawn_and_every_count_has_its_mark(record: Record) -> None:
    drawn = chart_of_record(record)
    for look in LOOKS[:2]:
        assert len(marks(svg_of(drawn, look), "point")) == len(drawn.points)
