"""Making text that came from a record harmless in a card: plain words, in a summary and in Markdown.

Clients differ: most render GitHub Markdown, the public CDS Hooks sandbox renders raw HTML inside it, some print the
text as it is. So nothing is trusted to be rendered, and an address is broken up, since GitHub Markdown makes a link
of it without any markup (https://github.github.com/gfm/#autolinks-extension-).
"""

import re

LONGEST = 80
"""Characters of one text from a record. A drug's name is shorter; a pasted letter is not shown."""

_SPECIAL = re.compile(r"[\\`*_\[\]<>&#|~$@]|:(?=//)|\.(?=[^\W\d])")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": " at ", ":": ": ", ".": ". "}
_TAG = re.compile(r"<(?=[A-Za-z/!?])|(?<=[A-Za-z/\"'])>")


def clean(text: str, longest: int = LONGEST) -> str:
    """One line of printable characters: no control, format (bidi, zero-width) or surrogate characters, cut at length.

    Still not fit for Markdown: see ``escape``.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def escape(text: str, longest: int = LONGEST) -> str:
    """``clean`` text that reads the same in Markdown: no HTML, emphasis, heading, table, image, link or address."""
    text = clean(text, longest)
    return _SPECIAL.sub(_harmless, text) if _SPECIAL.search(text) else text


def for_summary(text: str, longest: int = LONGEST) -> str:
    """``clean`` text for a summary, which is no Markdown; what could be a tag loses its bracket."""
    return _TAG.sub("", clean(text, longest))


def _harmless(match: re.Match[str]) -> str:
    character = match[0]
    return _ENTITIES.get(character) or "\\" + character
