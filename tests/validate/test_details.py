"""The Markdown of a card's detail: what clients do not render as the service meant it."""

import pytest

from tests.in_time import processor_seconds
from tests.validate.payloads import CARD, card, found

HTML, LINKS, SUPPORT = (f"anakinra-cds_1@markdown-{name}" for name in ("html", "links", "support"))
LONG = "anakinra-cds_1@detail-length"
PAGE = "https://example.org/page"

GOOD = [
    "**0.96** x10\u2079/L, *2 days ago*; ~~old~~",
    "# One\n\n## Two\n\n### Three\n\n- a\n- b\n\n1. c\n\n> said\n\n---",
    "| date | ANC |\n|---|---|\n| 20 Nov | 0.96 |",
    "ANC < 0.5 and > 0.1, a & b, `<b>` and `[^1]` and `&nbsp;` are code",
    "```\n<script>\n![x](y)\n#### four\n```",
    "less than: \\<b>, &lt;b&gt; &amp; so on",
    f"see [the label]({CARD['source']['url']})",
    "an array[1] and [ ] no task",
]

BAD = {
    "a <b>bold</b> word": [("warning", HTML)],
    "<div>\nblock\n</div>": [("warning", HTML)],
    "<!-- note -->": [("warning", HTML)],
    "![chart](https://example.org/x.png)": [("warning", SUPPORT)],
    "#### four": [("warning", SUPPORT)],
    "said[^1]\n\n[^1]: by whom": [("warning", SUPPORT)],
    "- [ ] repeat the count\n- [x] hold": [("warning", SUPPORT)],
    "5&nbsp;mg &plusmn; 1": [("hint", SUPPORT)],
    f"see [a page]({PAGE})": [("warning", LINKS)],
    f"see <{PAGE}>": [("warning", LINKS)],
    f"see [a page][p]\n\n[p]: {PAGE}": [("warning", LINKS)],
    "x" * 2001: [("hint", LONG)],
}


@pytest.mark.parametrize("detail", GOOD)
def test_what_every_client_renders(detail: str) -> None:
    assert found(card(detail=detail)) == []


@pytest.mark.parametrize("detail", BAD)
def test_what_not_every_client_renders(detail: str) -> None:
    said = [(severity, requirement) for severity, pointer, requirement in found(card(detail=detail))]
    assert said == BAD[detail]


def test_a_link_that_is_repeated_in_links_is_fine() -> None:
    links = [{"label": "A page", "url": PAGE, "type": "absolute"}]
    assert found(card(detail=f"see [a page]({PAGE})", links=links)) == []


@pytest.mark.parametrize("piece", ["[", "![", "[^", "<", "&", "*", "`", "> ", "- ", "[a](", "<a ", "\n#### x", "| "])
def test_hostile_markdown_takes_no_time(piece: str) -> None:
    _, seconds = processor_seconds(lambda: found(card(detail=piece * 200_000)))
    assert seconds < 10
