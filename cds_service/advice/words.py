"""Words and marks that no card may carry, whoever edits it."""

import re
from typing import Final, NamedTuple

_QUOTED = re.compile(r'"[^"]*"')

# Some EHRs render raw HTML, some print it; an image or a heading shouts; an address belongs in sources.toml.
_MARKUP: Final = (
    (re.compile(r"<[A-Za-z/!?]|&[a-z#0-9]+;"), "HTML is not allowed; write plain words or Markdown bold"),
    (re.compile(r"!\["), "images are not allowed; say it in words"),
    (re.compile(r"\]\(|https?:|www\."), "an address is not allowed in the text; add a [[link]] with a source id"),
    (re.compile(r"(?m)^\s*#"), "headings are not allowed; use **bold**"),
)
# The service never calls a drug or a decision harmless, and never grades without naming the scale; a quotation may.
_NEVER: Final = (
    (re.compile(r"\b(safe|safely|all clear|harmless|no risk)\b", re.IGNORECASE), "promises safety; say what is known"),
    (re.compile(r"\bsevere(ly)?\b", re.IGNORECASE), "grades without a scale; name the scale, or quote the source"),
)


class Fault(NamedTuple):
    """What is wrong with a text, and the words of it that are."""

    what: str
    words: str


def find_fault(text: str) -> Fault | None:
    """The first thing in ``text`` that a card may not carry; None for a fit text."""
    for pattern, what in _MARKUP:
        if found := pattern.search(text):
            return Fault(what, found[0].strip())
    for pattern, what in _NEVER:
        if found := pattern.search(_QUOTED.sub("", text)):
            return Fault(f'"{found[0]}" {what}', found[0])
    return None
