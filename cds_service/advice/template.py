"""A card's sentence, taken apart once at start-up so that filling it is a join.

Syntax: ``{name}`` is a placeholder; words in ``[square brackets]`` are left out when a placeholder in them has no
value. There is no escape and no nesting: a card's text needs neither.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from cds_service.advice.placeholders import PLACEHOLDERS

_TOKEN = re.compile(r"\{([a-z_]*)\}|([\[\]{}])")


class Values(Protocol):
    """What a template asks of its values; a ``dict`` will do."""

    def get(self, name: str, /) -> str | None: ...

    def __getitem__(self, name: str, /) -> str: ...


class TemplateError(ValueError):
    """A template that cannot be read; the message says what and how to mend it."""


class _Piece(NamedTuple):
    """Literal words, then a placeholder's name ("" for none)."""

    words: str
    name: str


class _Group(NamedTuple):
    """Pieces in order; an optional group is left out when one of its values is missing."""

    optional: bool
    pieces: tuple[_Piece, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence or paragraph of a card; ``text`` is as the file has it."""

    text: str
    required: frozenset[str] = field(default=frozenset())
    optional: frozenset[str] = field(default=frozenset())
    groups: tuple[_Group, ...] = ()

    def fill(self, values: Values) -> str:
        """The sentence with its values. A missing or empty value counts as absent.

        Raises KeyError with the placeholder's name where a required one is absent (our own fault, never the caller's).
        """
        words: list[str] = []
        for optional, pieces in self.groups:
            group: list[str] = []
            for before, name in pieces:
                value = "" if not name else values.get(name) if optional else values[name]
                if name and optional and not value:
                    break
                group += (before, value or "")
            else:
                words += group
        text = "".join(words)
        return text[:1].upper() + text[1:] if self.groups and _starts_with_value(self.groups[0]) else text


def _starts_with_value(first: _Group) -> bool:
    """A sentence that opens with a drug's name opens with a capital; "eGFR" as words stays as written."""
    return bool(first.pieces) and not first.pieces[0].words


def parse_template(text: str) -> Template:
    """Take ``text`` apart. Raises TemplateError for a stray bracket or brace and for an unknown placeholder."""
    groups: list[_Group] = []
    pieces: list[_Piece] = []
    inside = False
    begin = 0
    for token in _TOKEN.finditer(text):
        words, begin = text[begin : token.start()], token.end()
        name, mark = token.groups()
        if mark is None:
            pieces.append(_Piece(words, _known(name)))
            continue
        inside = _open_or_close(mark, inside)
        pieces.append(_Piece(words, ""))
        groups.append(_Group(not inside, tuple(pieces)))
        pieces = []
    if inside:
        raise TemplateError('a "[" is not closed; close it with "]"')
    groups.append(_Group(False, (*pieces, _Piece(text[begin:], ""))))
    return _template(text, groups)


def _known(name: str) -> str:
    if name not in PLACEHOLDERS:
        raise TemplateError(f"unknown placeholder {{{name}}}; use one of {', '.join(sorted(PLACEHOLDERS))}")
    return name


def _open_or_close(mark: str, inside: bool) -> bool:
    """Whether we are inside brackets after ``mark``."""
    if mark in "{}":
        raise TemplateError(f'a stray "{mark}"; write a placeholder as {{name}}')
    if (mark == "[") is inside:
        raise TemplateError(f'a stray "{mark}"; brackets come in pairs and do not nest')
    return mark == "["


def _template(text: str, groups: list[_Group]) -> Template:
    for group in groups:
        if group.optional and not any(piece.name for piece in group.pieces):
            raise TemplateError('words in "[...]" need a placeholder; without one they would always show')
    names = [{piece.name for piece in group.pieces if piece.name} for group in groups]
    required = frozenset().union(*(n for n, g in zip(names, groups, strict=True) if not g.optional))
    optional = frozenset().union(*(n for n, g in zip(names, groups, strict=True) if g.optional))
    kept = tuple(group for group in groups if any(piece.words or piece.name for piece in group.pieces))
    return Template(text, required, optional - required, kept)
