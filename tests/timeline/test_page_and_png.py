"""The figure as a page that asks for nothing, and as a picture whose words are there on a bare machine too."""

import base64
import hashlib
import re
import struct
import sys

import pytest

from cds_service.timeline.look import Look
from cds_service.timeline.page import page_of
from cds_service.timeline.png import NoRenderer, png_of
from cds_service.timeline.svg import svg_of
from cds_service.timeline.table import HEADINGS, Row, rows_of
from tests.timeline.charts import CASE_1, chart, story_chart

CHART = story_chart(CASE_1)
SVG = svg_of(CHART)


def test_a_page_holds_the_drawing_and_every_row() -> None:
    page = page_of("Case 1", SVG, rows_of(CHART))
    assert SVG in page
    assert page.count("<tr>") == 1 + len(rows_of(CHART))
    assert all(f'<th scope="col">{heading}</th>' in page for heading in HEADINGS)


def test_a_page_allows_its_own_style_only_and_names_no_other_address() -> None:
    page = page_of("Case 1", SVG, rows_of(CHART))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert set(re.findall(r"https?://[^\"' ]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "<script" not in page


def test_a_page_follows_the_reader_unless_told() -> None:
    assert "prefers-color-scheme" in page_of("", SVG, ())
    assert "prefers-color-scheme" not in page_of("", SVG, (), "light")
    assert "#14191f" not in page_of("", "", (), "light")
    assert "#14191f" in page_of("", "", (), "dark")


def test_text_from_a_record_stays_text() -> None:
    page = page_of("<b>", "", [Row("<script>", '"&')])
    assert "<title>&lt;b&gt;</title>" in page
    assert "<td>&lt;script&gt;</td><td>&quot;&amp;</td>" in page


def test_a_picture_has_twice_the_pixels() -> None:
    drawn = png_of(svg_of(CHART, Look(width=700, height=500)))
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", drawn[16:24]) == (1400, 1000)


def test_words_are_in_the_picture_without_any_font_of_the_machine() -> None:
    with_words, without = (png_of(svg_of(chart(), Look(heading=heading, height=400))) for heading in (True, False))
    blank = re.sub(r"<text.*?</text>", "", svg_of(chart(), Look(height=400)))
    assert len(png_of(blank)) < len(without) < len(with_words)


@pytest.mark.parametrize("missing", ["resvg_py", "fontpkg_open_sans"])
def test_a_missing_renderer_is_one_line_that_names_the_fix(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(NoRenderer, match=r"pip install 'anakinra-cds\[figures\]'"):
        png_of(SVG)
