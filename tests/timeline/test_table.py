"""The facts as rows: what a screen reader gets instead of the drawing."""

from cds_service.timeline.table import Row, rows_of
from tests.timeline.charts import CASE_1, chart, story_chart


def test_case_1_begins_with_these_rows() -> None:
    rows = rows_of(story_chart(CASE_1))
    request = "MedicationRequest/case1g-anakinra-1"
    moderate = "moderate; CTCAE v5 grade 3, v6 grade 2"
    why = 'approximate: the count is stated, "by day 4" is not an exact day'
    assert rows[:5] == (
        Row(
            "10 Sep 2025 07:30",
            "neutrophils, measured",
            "6.19",
            "10*9/L",
            "",
            "before anakinra",
            "stated: before the first dose",
            "Observation/case1g-anc-0",
        ),
        Row("10 Sep 2025 10:00", "anakinra started", "100 mg", certainty="as recorded", source=request),
        Row(
            "14 Sep 2025 07:00",
            "neutrophils, measured",
            "0.75",
            "10*9/L",
            moderate,
            "on anakinra, day 4",
            why,
            "Observation/case1g-anc-4",
        ),
        Row(
            "from 14 Sep 2025 07:00",
            "neutropenia episode 1, lowest",
            "0.75",
            "10*9/L",
            moderate,
            "1.5 or more again 16 Sep 2025 07:00",
            why,
            "Observation/case1g-anc-4",
        ),
        Row("14 Sep 2025 12:00", "anakinra stopped: the order's reason names neutropenia", source=request),
    )


def test_a_result_that_cannot_be_read_has_a_reason_and_no_value() -> None:
    (row,) = rows_of(chart(counts="unreadable @ day -3"))
    assert (row.value, row.unit, row.certainty) == ("", "", "the unit is not in the table")
    assert row.what == "neutrophils, cannot be read"


def test_what_has_no_date_comes_last_and_says_so() -> None:
    rows = rows_of(chart(counts="unreadable undated; 2.4 @ day -1", orders="anakinra stopped"))
    assert [row.date for row in rows] == ["21 Nov 2026", "no date", "no date", "no date"]
    assert {row.what for row in rows[1:]} == {
        "neutrophils, cannot be read",
        "anakinra started",
        "anakinra ended; when is not recorded",
    }


def test_approximate_dates_and_given_doses() -> None:
    rows = rows_of(chart(orders="anakinra stopped from day -40 (last written day -5); tocilizumab given day -3"))
    assert [(row.date, row.what) for row in rows] == [
        ("13 Oct 2026", "anakinra started"),
        ("about 17 Nov 2026", "anakinra stopped"),
        ("19 Nov 2026", "tocilizumab started"),
        ("19 Nov 2026", "tocilizumab given"),
    ]


def test_an_episode_that_lasts() -> None:
    rows = rows_of(chart(counts="0.9 @ day -1", orders="anakinra active from day -9"))
    assert rows[-1].anakinra == "no recovery on record"
