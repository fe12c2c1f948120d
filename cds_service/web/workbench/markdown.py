"""A card's Markdown as HTML that can do no harm, whoever wrote the card.

Two nets: raw HTML in the Markdown is text to the renderer, and what comes out is cut down to a short list of elements.
No images: they would be fetched from elsewhere.
"""

from functools import cache

import nh3
from markdown_it import MarkdownIt

_ELEMENTS = set(
    "a blockquote br code del em h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
_BELOW_THE_CARD = {"h1": "h4", "h2": "h5", "h3": "h6", "h4": "h6", "h5": "h6"}


def rendered(text: str) -> str:
    """GitHub's Markdown, as the public sandbox renders it, with tables and strikethrough; headings below a card's."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        token.tag = _BELOW_THE_CARD.get(token.tag, token.tag)
    html = str(parser.renderer.render(tokens, parser.options, {}))
    return nh3.clean(
        html,
        tags=_ELEMENTS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
