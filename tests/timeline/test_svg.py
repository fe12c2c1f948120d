"""The drawing: well-formed, safe in a strict page, the same every time, and each mark tells what it is."""

import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings

from cds_service.clinical.record import Record
from cds_service.fhir.read.remarks import Certainty, Remark
from cds_service.timeline.labels import width_of
from cds_service.timeline.look import Look
from cds_service.timeline.svg import svg_of
from cds_service.timeline.table import rows_of
from tests.clinical.patients import patients
from tests.timeline.charts import CASE_1, CASE_2, SVG, as_drawn, chart, chart_of_record, marks, story_chart, told, words

BUSY = chart(
    counts="6.1 @ day -60; <0.5 @ day -40; 0 @ day -38; segmented 0.9 @ day -36 08:00; bands 0.1 @ day -36 08:00; "
    "unreadable @ day -30; pending 0.4 @ day -1; 2.4 @ day -20; unreadable undated",
    orders="anakinra on-hold from day -50 until day -39 (reason neutropenia); anakinra given day -45; "
    "tocilizumab active from day -15; prednisone active from day -900; methotrexate stopped from day -90 until day -80",
)
LOOKS = [Look(), Look(axis="linear", days=True), Look(theme="dark", width=420), Look(height=300, heading=False)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_in_it_runs_or_is_styled_in_place_or_fetched(look: Look) -> None:
    for each in as_drawn(svg_of(BUSY, look)).iter():
        assert each.tag.removeprefix(SVG) not in ("script", "style", "foreignObject", "a", "image", "use", "animate")
        for name, value in each.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("style", "href"), name
            assert "url(" not in value, value


HOSTILE = '"><script>alert(1)</script><!--]]>&\x00\x0b\ud800'


def test_text_from_a_record_stays_text() -> None:
    hostile = replace(
        BUSY,
        patient=HOSTILE,
        points=tuple(
            replace(each, sources=(HOSTILE,), remark=Remark(Certainty.INFERRED, HOSTILE)) for each in BUSY.points
        ),
        unread=tuple(replace(each, source=HOSTILE, sent=HOSTILE, reason=HOSTILE) for each in BUSY.unread),
        bars=tuple(replace(each, dose=HOSTILE, sources=(HOSTILE,)) for each in BUSY.bars),
        gaps=(HOSTILE,),
    )
    drawn = svg_of(hostile)
    assert "<script" not in drawn
    assert marks(drawn, "point")[0].get("data-source") == HOSTILE.translate(dict.fromkeys((0, 11, 0xD800), "\ufffd"))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_same_chart_is_the_same_bytes(look: Look) -> None:
    assert svg_of(BUSY, look) == svg_of(BUSY, look)


def test_the_document_has_a_title_and_a_description() -> None:
    root = as_drawn(svg_of(story_chart(CASE_1)))
    assert root.findtext(f"{SVG}title") == "Neutrophils and anakinra: Patient/case1g"
    assert root.findtext(f"{SVG}desc") == (
        "9 neutrophil counts from 10 Sep 2025 to 17 Nov 2026; lowest 0.75 \u00d710\u2079/L, "
        "latest 3.0 \u00d710\u2079/L. 2 neutropenia episodes on anakinra."
    )
    assert root.get("aria-labelledby") == "tl-title tl-desc"


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


def test_only_numbers_that_are_known_are_written_beside_the_curve() -> None:
    assert {"6.19", "0.75", "1.12", "3.8", "1.5", "3.0", "2.0", "inferred"} <= set(words(svg_of(story_chart(CASE_1))))
    drawn = " ".join(words(svg_of(story_chart(CASE_2))))
    assert "0.32" in drawn
    assert "9.6" not in drawn


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


def test_an_older_treatment_that_runs_on_does_not_stretch_the_axis() -> None:
    drawn = svg_of(BUSY)
    assert [told(bar).split(":")[0] for bar in marks(drawn, "bar")][-1] == "prednisone"
    assert "methotrexate" not in words(drawn)
    assert not any("not drawn" in each and "days" in each for each in words(drawn))


def test_a_height_too_small_for_the_lanes_grows() -> None:
    names = "anakinra tocilizumab canakinumab etanercept filgrastim prednisone methotrexate azathioprine clozapine"
    drawn = chart(orders="; ".join(f"{name} active from day -9" for name in names.split()), counts="2 @ day -2")
    root = as_drawn(svg_of(drawn, Look(height=280)))
    lowest = max(float(each.get("y", "0")) for each in root.iter(f"{SVG}text"))
    assert lowest < float(root.get("height", "0"))
    assert "Not drawn, but in the table: methotrexate" in words(svg_of(drawn))


def test_a_long_reason_is_broken_into_lines() -> None:
    gap = "neutrophils: partial (" + "the server took long " * 12 + ")"
    lines = words(svg_of(replace(BUSY, gaps=(gap,)), Look(width=500)))
    assert sum("the server took long" in each for each in lines) > 1


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


def test_the_size_is_kept_and_the_theme_has_its_colours() -> None:
    root = as_drawn(svg_of(BUSY, Look(width=700, height=500, theme="dark")))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("700", "500", "0 0 700 500")
    assert "tl-dark" in root.get("class", "")
    assert svg_of(BUSY) != svg_of(BUSY, Look(theme="dark"))


def test_ten_times_the_counts_are_about_ten_times_the_document() -> None:
    def drawn(number: int) -> str:
        return svg_of(chart(counts="; ".join(f"{2 + n % 7 / 10} @ day -{n}" for n in range(1, number + 1))))

    small, large = drawn(100), drawn(1000)
    assert len(marks(large, "point")) == 1000
    assert len(large) < 10.5 * len(small)


@settings(max_examples=60, deadline=None)
@given(record=patients())
def test_any_record_is_drawn_and_every_count_has_its_mark(record: Record) -> None:
    drawn = chart_of_record(record)
    for look in LOOKS[:2]:
        assert len(marks(svg_of(drawn, look), "point")) == len(drawn.points)
