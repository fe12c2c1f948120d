"""A card's Markdown: what comes out as HTML, and what never does."""

import pytest

from cds_service.web.workbench.markdown import rendered


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**0.38** and *more*", "<p><strong>0.38</strong> and <em>more</em></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("# Big", "<h4>Big</h4>\n"),
        ("a  \nb", "<p>a<br>\nb</p>\n"),
        ("~~old~~", "<p><del>old</del></p>\n"),
    ],
)
def test_rendered(markdown, html):
    assert rendered(markdown).replace("<s>", "<del>").replace("</s>", "</del>") == html


def test_a_table_has_no_style():
    html = rendered("| a | b |\n|--:|:-:|\n| 1 | 2 |")
    assert "<th>a</th>" in html
    assert "style" not in html


def test_a_link_tells_the_other_site_nothing():
    assert rendered("[EMA](https://www.ema.europa.eu/)") == (
        '<p><a href="https://www.ema.europa.eu/" target="_blank" rel="noopener noreferrer">EMA</a></p>\n'
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "<style>*{display:none}</style>",
        "<iframe src=//evil.example.org></iframe>",
        '<svg onload="alert(1)">',
        "<scr<script>ipt>alert(1)</script>",
    ],
)
@pytest.mark.parametrize("around", ["{}", "text {} text", "- {}", "`{}`", "> {}"])
def test_raw_html_is_shown_as_text(hostile, around):
    html = rendered(around.format(hostile))
    for tag in ("<script", "<img", "<style", "<iframe", "<svg", "<a "):
        assert tag not in html
    assert "&lt;" in html


@pytest.mark.parametrize(
    "hostile",
    [
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
    ],
)
def test_a_link_leads_to_a_web_page_or_nowhere(hostile):
    assert "href" not in rendered(hostile)


def test_an_image_is_never_fetched():
    assert "<img" not in rendered("![x](https://evil.example.org/pixel.png)")
