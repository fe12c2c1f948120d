"""A card in the least careful EHR: Markdown with HTML left in it, put into the page unchecked, summary included."""

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Page

from cds_service.clinical.scene import Hook
from tests.advice.test_markdown import HOSTILE
from tests.advice.test_write_rows import EVERYTHING, FACTS, ROWS, finding_of, spoiled
from tests.advice.writing import Card, card_about

pytestmark = pytest.mark.browser

CARELESS = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
FILLED = [row for row in ROWS if row[0] in ("NA", "D1", "M1", "PV1", "PV9", "T1", "B1", "OU1")]
WORDS_ONLY = {"ARTICLE", "H1", "P", "STRONG", "EM", "UL", "LI", "BR", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD"}
RUNS = "window.hacked = 1"
WORSE = [
    *HOSTILE,
    f"<img src=x onerror='{RUNS}'>",
    f"<svg/onload='{RUNS}'>",
    f"<details open ontoggle='{RUNS}'><summary>x</summary></details>",
    f"<iframe srcdoc='<script>parent.{RUNS}</script>'></iframe>",
    "<style>@import 'http://192.0.2.1/x.css'</style>",
    "<base href='http://192.0.2.1/'><form action=x><input name=password>",
    f"]]><script>{RUNS}</script><!--",
    f"[x](javascript:{RUNS})",
    "![x](http://192.0.2.1/pixel.png)",
]


def as_careless_html(card: Card) -> str:
    return f"<article><h1>{card['summary']}</h1>{CARELESS.render(card['detail'])}</article>"


def hostile_card(row: tuple[str, str, str], text: str) -> Card:
    record = spoiled(EVERYTHING, text)
    finding = finding_of(*row, record)._replace(facts=FACTS | {"reason": text}, incomplete=(f"vitals ({text})",))
    return card_about(finding, record, Hook.SELECT)


def shown(page: Page, html: str) -> set[str]:
    """The elements that the page makes of it, once everything has had its chance to load and run."""
    page.set_content("<main></main>")
    page.evaluate("html => { document.querySelector('main').innerHTML = html }", html)
    page.wait_for_timeout(200)
    return set(page.evaluate("[...document.querySelectorAll('main *')].map(each => each.tagName)"))


def test_nothing_in_a_record_becomes_more_than_words(page: Page) -> None:
    html = "".join(as_careless_html(hostile_card(row, text)) for row in FILLED for text in WORSE)
    assert shown(page, html) <= WORDS_ONLY
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("[...document.querySelectorAll('main *')].filter(each => each.attributes.length).length") == 0
    assert "alert(1)" in page.inner_text("main"), "the words are there, as words"


def test_the_page_would_show_it(page: Page) -> None:
    """The same page with the same text unescaped: it runs."""
    assert {"IMG", "A"} <= shown(page, CARELESS.render(f"<img src='data:,' onerror='{RUNS}'> [x](http://192.0.2.1/)"))
    assert page.evaluate("window.hacked") == 1
