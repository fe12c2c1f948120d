"""The decision table, in Markdown: every row with what it asks, what it answers and the sources behind its card."""

import inspect
from collections.abc import Iterator

from cds_service.advice.library import Card, Library, Row
from cds_service.clinical import rows
from cds_service.clinical.overlays import OVERLAYS, Overlay

INTRODUCTION = """\
# Decision table

Made from the rules and the cards the service runs on (`cds-service export decision-table`), never edited by hand,
approved by no clinician. Counts in 10*9/L. In each block the first row that matches wins. Values in braces are the
patient's; words in square brackets are left out where a value in them is not known.
"""
NOT_ASSESSED = """\
## Could not be assessed

NA replaces a silent row, a claim that something is absent, and a row that rests on a count of 1.5 or more, wherever the
data behind it could not be had; it never replaces a row that rests on a low count.
"""
_HEAD = "| row | when | indicator | advice | summary | sources |\n|---|---|---|---|---|---|"


def decision_table(library: Library) -> str:
    """The whole table, the same for the same content."""
    parts = [f"{INTRODUCTION}\nRules {library.version}, content {library.content_hash[:16]}.\n"]
    for title, block in rows.BLOCKS.items():
        lines = "\n".join(_base_row(library, row) for row in block)
        parts.append(f"## {title}\n\n{_HEAD}\n{lines}\n")
    overlays = "\n".join(line for overlay in OVERLAYS for line in _overlay(library, overlay))
    parts.append(f"## Overlays: cards beside the base rows, on every hook\n\n{_HEAD}\n{overlays}\n")
    na = "\n".join(_line(library, "NA", variant, "the data behind the row could not be had") for variant in _NA)
    parts.append(f"{NOT_ASSESSED}\n{_HEAD}\n{na}\n")
    parts.append(_sources(library))
    return "\n".join(parts)


_NA = ("view", "order")


def _base_row(library: Library, row: rows.Row) -> str:
    if not row.code:
        other = "another block decides" if row.rests is rows.Rests.ELSEWHERE else "no card"
        return f"| {row.id} | {row.when.words} | - | - | {other} | - |"
    return _line(library, row.id, row.variant, row.when.words)


def _overlay(library: Library, overlay: Overlay) -> Iterator[str]:
    says = (inspect.getdoc(overlay.evaluate) or "").partition("\n\n")[0]
    words = " ".join(says.partition(": ")[2].split()).rstrip(".")
    for variant in overlay.variants:
        yield _line(library, overlay.id, variant, words)


def _line(library: Library, row_id: str, variant: str, when: str) -> str:
    card, row = library.row(row_id, variant)
    name = f"{row_id} ({variant})" if variant else row_id
    return f"| {name} | {when} | {row.indicator} | {card.code} | {_summary(row)} | {_named(card)} |"


def _summary(row: Row) -> str:
    return row.summary.text.replace("|", "\\|")


def _named(card: Card) -> str:
    return ", ".join(dict.fromkeys(source.id for source in card.quoted)) or "-"


def _sources(library: Library) -> str:
    lines = (
        f"| {each.id} | {each.citation} | {each.level or 'label'} | {each.population or '-'} | {each.dated} | "
        f"{'yes' if each.verified else 'no'} |"
        for each in library.sources.values()
    )
    head = "| id | citation | level | population | dated | checked at the source |\n|---|---|---|---|---|---|"
    return f"## Sources\n\n{head}\n" + "\n".join(lines) + "\n"
