"""The words in the drawing: numbers, axis, legend, thresholds, what is missing, and none upon another."""

from dataclasses import replace
from itertools import combinations

import pytest

from cds_service.timeline.labels import width_of
from cds_service.timeline.look import Look
from cds_service.timeline.svg import svg_of
from tests.timeline.charts import BUSY, CASE_1, CASE_2, SVG, as_drawn, chart, story_chart, words


def test_only_numbers_that_are_known_are_written_beside_the_curve() -> None:
    assert {"6.19", "0.75", "1.12", "3.8", "1.5", "3.0", "2.0", "inferred"} <= set(words(svg_of(story_chart(CASE_1))))
    drawn = " ".join(words(svg_of(story_chart(CASE_2))))
    assert "0.32" in drawn
    assert "9.6" not in drawn


def test_a_long_reason_is_broken_into_lines() -> None:
    gap = "neutrophils: partial (" + "the server took long " * 12 + ")"
    lines = words(svg_of(replace(BUSY, gaps=(gap,)), Look(width=500)))
    assert sum("the server took long" in each for each in lines) > 1


def test_a_cut_in_time_says_how_long_it_is() -> None:
    assert [each for each in words(svg_of(story_chart(CASE_1))) if each.endswith("days not drawn")] == [
        "148 days not drawn",
        "147 days not drawn",
        "97 days not drawn",
    ]


def test_days_need_a_first_dose() -> None:
    dated, by_day = (words(svg_of(story_chart(CASE_2), Look(days=days))) for days in (False, True))
    assert "Days since the first dose of anakinra (26 Oct 2026 is day 0)" in by_day
    assert "5 Nov" in dated
    assert "5 Nov" not in by_day
    assert "22 Nov" in " ".join(words(svg_of(chart(counts="2 @ day -1"), Look(days=True))))


def test_the_legend_holds_what_is_drawn_and_nothing_else() -> None:
    entries = {"count", "calculated", "only a limit", "held", "dose given", "cannot be read", "pending"}
    others = {"approximate", "number inferred", "day inferred", "stopped", "count, stated"}
    assert entries <= set(words(svg_of(BUSY)))
    assert not others & set(words(svg_of(BUSY)))


def test_thresholds_are_named_with_their_sources_where_there_is_room() -> None:
    wide, narrow = (words(svg_of(BUSY, Look(width=width))) for width in (960, 420))
    assert "1.5 EU Kineret label" in wide
    assert "1.5" in narrow
    assert "1.5 EU Kineret label" not in narrow


def test_an_incomplete_record_says_so_in_the_drawing() -> None:
    drawn = words(svg_of(chart(counts="0.9 @ day -1", gaps="medications partial")))
    assert "Incomplete: medications: partial (it timed out)" in drawn


def test_nothing_on_record_is_said() -> None:
    assert "No neutrophil count on record" in words(svg_of(chart()))


@pytest.mark.parametrize("story", [CASE_1, CASE_2])
@pytest.mark.parametrize("look", [Look(), Look(days=True, axis="linear")], ids=str)
def test_no_two_labels_lie_on_each_other(story: str, look: Look) -> None:
    boxes = []
    for each in as_drawn(svg_of(story_chart(story), look)).iter(f"{SVG}text"):
        if each.get("transform"):
            continue
        size, x, y = (float(each.get(name, "0")) for name in ("font-size", "x", "y"))
        line = "".join(each.itertext())
        # The estimate of a width is generous: labels that only touch by it are apart in print.
        width = width_of(line, size) * 0.9
        left = x - width * {"middle": 0.5, "end": 1.0}.get(each.get("text-anchor", ""), 0.0)
        boxes.append((left, y - size * 0.7, left + width, y, line))
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a[4], b[4])
