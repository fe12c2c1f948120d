"""The Markdown of a card's detail: what clients do not render, or render as something else.

Clients render different subsets of GitHub-flavoured Markdown; what stands here is what all of them were seen to handle.
The text is parsed, not searched: a bracket in a code span is no footnote.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from cds_service.validate.finding import Finding
from cds_service.validate.node import Node

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_SUPPORT = "anakinra-cds_1@markdown-support"
_LONGEST = 2000
_LONGEST_PARSED = 20_000  # what no clinician reads need not hold up the validator
_DEEPEST_HEADING = 3
# Without one of these, no fault that is looked for can be there; most details then need no parsing.
_TELLTALE = re.compile(r"[<\[&]|^ {0,3}#{4}", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\]")
_TASK = re.compile(r"\[[ xX]\]\s")
# Needed to write these characters at all; every other entity can be written as itself.
_ESCAPES = frozenset({"&lt;", "&gt;", "&amp;", "&quot;", "&#39;", "&#60;", "&#62;", "&#38;", "&#34;"})


def detail_reads_well(card: Node) -> Iterator[Finding]:
    """What a clinician would not see as the service meant it."""
    detail = card["detail"]
    if len(detail.text) > _LONGEST:
        message = f"detail has {len(detail.text)} characters; few people read more than {_LONGEST}."
        yield detail.hint("anakinra-cds_1@detail-length", message, "Shorten it, and link to the rest.")
    if _TELLTALE.search(detail.text):
        tokens = [
            each
            for block in _parser().parse(detail.text[:_LONGEST_PARSED])
            for each in (block, *(block.children or ()))
        ]
        yield from _markup(detail, tokens)
        yield from _links(card, tokens)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # Without joining, an entity stays a token of its own, with what was written.
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")


def _markup(detail: Node, tokens: list["Token"]) -> Iterator[Finding]:
    if any(each.type in ("html_block", "html_inline") for each in tokens):
        message = "detail holds raw HTML: some clients show its tags as text, others run it."
        fix = "Write Markdown, and \\< for a less-than sign."
        yield detail.warning("anakinra-cds_1@markdown-html", message, fix)
    for found, what, fix in (
        (any(each.type == "image" for each in tokens), "an image", "Link to the image instead."),
        (any(map(_is_deep, tokens)), f"a heading deeper than level {_DEEPEST_HEADING}", "Use levels 1 to 3, or bold."),
        (any(map(_is_footnote, tokens)), "a footnote", "Write the note in brackets, or as a link."),
        (any(map(_is_task, tokens)), "a task list", "Write a plain list; offer what is to be done as a suggestion."),
    ):
        if found:
            yield detail.warning(_SUPPORT, f"detail holds {what}, which many clients do not render.", fix)
    if any(each.type == "text_special" and each.markup.startswith("&") and not _is_escape(each) for each in tokens):
        message = "detail writes characters as HTML entities, which some clients show as they stand."
        yield detail.hint(_SUPPORT, message, "Write the character itself, in UTF-8.")


def _is_deep(token: "Token") -> bool:
    return token.type == "heading_open" and int(token.tag[1:]) > _DEEPEST_HEADING


def _is_footnote(token: "Token") -> bool:
    return token.type == "text" and bool(_FOOTNOTE.search(token.content))


def _is_task(token: "Token") -> bool:
    return token.type == "inline" and token.level >= 2 and bool(_TASK.match(token.content))


def _is_escape(token: "Token") -> bool:
    return token.markup in _ESCAPES


def _links(card: Node, tokens: list["Token"]) -> Iterator[Finding]:
    listed = {link["url"].text for link in card["links"].objects} | {card["source"]["url"].text}
    inside = [str(each.attrGet("href") or "") for each in tokens if each.type == "link_open"]
    if [each for each in inside if each not in listed]:
        message = "detail holds a link that is in neither links nor source: many clients do not make it clickable."
        yield card["detail"].warning("anakinra-cds_1@markdown-links", message, "Repeat it in links.")
