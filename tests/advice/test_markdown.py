"""Text from a record says what it says, and does nothing else."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cds_service.advice.markdown import LONGEST, clean, escape, for_summary

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
FORBIDDEN = {"html_inline", "html_block", "image", "link_open", "heading_open", "code_inline", "fence", "em_open"}
ADDRESS = re.compile(r"https?://|ftp://|www\.\w|\w@\w|mailto:\S+@", re.IGNORECASE)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "[click](https://evil.example)",
    "see https://evil.example/a?b=c",
    "HTTP://EVIL.example",
    "www.evil.example",
    "WWW.evil.example",
    "write to a.b@evil.example now",
    "<https://evil.example>",
    "# heading",
    "**bold** _em_ ~~gone~~ `code`",
    "a | b | c",
    "[ref]: https://evil.example",
    "&lt;script&gt; &#60;b&#62;",
    "$\\sqrt{x}$",
    "line one\n\n# line two\n<b>",
    "safe\u202egnp.exe\u200b\u2066",
    "\x00\x1b[31mred\x07",
    "10*3/uL",
    "<0.5 & >0.1",
    "\\<b\\>",
    "``` fence",
]  # fmt: skip


def tokens(markdown: str) -> list[Token]:
    found = []
    for token in GITHUB.parse(markdown):
        found += [token, *(token.children or ())]
    return found


def harmful(markdown: str) -> set[str]:
    """What a renderer would make of the text, beyond words."""
    kinds = {token.type for token in tokens(markdown)} & (FORBIDDEN | {"strong_open", "s_open", "table_open"})
    return kinds | ({"address"} if ADDRESS.search("".join(words(markdown))) else set())


def words(markdown: str) -> list[str]:
    return [token.content for token in tokens(markdown) if token.type in ("text", "text_special", "softbreak")]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_words(text: str) -> None:
    assert harmful(f"Sent: {escape(text)}, not used.") == set()
    assert harmful(escape(text)) == set()
    assert harmful(f"| a |\n|---|\n| {escape(text)} |") <= {"table_open"}


@given(st.text(max_size=120))
def test_any_text_is_only_words(text: str) -> None:
    shown = escape(text, 200)
    assert harmful(f"Sent: {shown}, not used.") == set()
    assert "\n" not in shown
    assert "<" not in shown
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Cs") for character in shown)


@given(st.text(alphabet=st.characters(exclude_characters=":.@", exclude_categories=["C", "Z"]), max_size=60))
def test_text_without_addresses_reads_as_it_was_sent(text: str) -> None:
    assert "".join(words(f"x{escape(text)}")) == f"x{text}"


def test_long_text_is_cut() -> None:
    assert len(clean("a" * 500)) == LONGEST
    assert clean("a" * 500).endswith("\N{HORIZONTAL ELLIPSIS}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\tlines\r\nof  text", "two lines of text"),
        ("no\u00a0break", "no break"),
        ("zero\u200bwidth \u202eturned", "zerowidth turned"),
        ("\ud83d", ""),
        ("", ""),
    ],
)
def test_one_line_of_printable_characters(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("<= 0.4", "<= 0.4"), ("< 0.5", "< 0.5"), ("<b>x</b>", "bx/b"), ("a < b > c", "a < b > c")],
)
def test_a_summary_keeps_limits_and_loses_tags(text: str, shown: str) -> None:
    assert for_summary(text) == shown
