"""The drawing as a document: well-formed, safe in a strict page, the same every time, of the size asked for."""

from dataclasses import replace

import pytest

from cds_service.fhir.read.remarks import Certainty, Remark
from cds_service.timeline.look import Look
from cds_service.timeline.svg import svg_of
from tests.timeline.charts import BUSY, CASE_1, LOOKS, SVG, as_drawn, chart, marks, story_chart, told, words


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
