"""The library: every card, source and override reason of the ``cards/`` folder, loaded once at start-up.

``load_library(folder)`` -> ``Library``; ``library.row("PV9")`` -> the card and the row that speaks for it. Anything
wrong in a file raises ContentError (one line: file, line, what, fix) and the service does not start.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cds_service.advice.card_file import Card, Evidence, Row, build_card
from cds_service.advice.disagreements import DISAGREEMENTS_FILE, Disagreement, load_disagreements
from cds_service.advice.overrides import OVERRIDES_FILE, OverrideReason, load_overrides
from cds_service.advice.placeholders import PLACEHOLDERS, PROMISED
from cds_service.advice.sources import SOURCES_FILE, Source, load_sources
from cds_service.advice.toml_file import read_toml
from cds_service.errors import ContentError

__all__ = ["PLACEHOLDERS", "PROMISED", "Card", "Evidence", "Library", "OverrideReason", "Row", "Source", "load_library"]


NO_CARDS = frozenset({SOURCES_FILE, DISAGREEMENTS_FILE, OVERRIDES_FILE})


@dataclass(frozen=True, slots=True)
class Library:
    """All content. ``version``: the highest card version; ``content_hash``: sha256 of every file, profiles too."""

    cards: Mapping[str, Card]
    rows: Mapping[tuple[str, str], tuple[Card, Row]]
    sources: Mapping[str, Source]
    disagreements: Mapping[str, Disagreement]
    overrides: tuple[OverrideReason, ...]
    version: str
    content_hash: str

    def row(self, row_id: str, variant: str = "") -> tuple[Card, Row]:
        """The card and row for a rule's finding. Raises KeyError for one that ``check_covers`` would have named."""
        return self.rows[row_id, variant]

    def check_covers(self, emitted: Iterable[tuple[str, str, str]]) -> None:
        """Compare with what the rules can emit, as (row id, variant, code). Raises ContentError naming differences."""
        wanted = {(row_id, variant): code for row_id, variant, code in emitted}
        have = {key: card.code for key, (card, _) in self.rows.items()}
        problems = [f"no card for row {_name(key)} ({wanted[key]})" for key in sorted(wanted.keys() - have.keys())]
        problems += [f"no rule for row {_name(key)} ({have[key]})" for key in sorted(have.keys() - wanted.keys())]
        problems += [
            f"row {_name(key)} is {wanted[key]} in the rules and {have[key]} in the cards"
            for key in sorted(wanted.keys() & have.keys())
            if wanted[key] != have[key]
        ]
        if problems:
            raise ContentError(f"cards and rules differ: {'; '.join(problems)}")


def load_library(folder: Path) -> Library:
    """Load and check every file of ``folder``. Raises ContentError at the first bad one, in the order of names."""
    sources = load_sources(folder)
    disagreements = load_disagreements(folder, sources)
    cards: dict[str, Card] = {}
    rows: dict[tuple[str, str], tuple[Card, Row]] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name in NO_CARDS:
            continue
        file = read_toml(path, folder)
        card = cards[path.stem] = build_card(file, sources, disagreements)
        for row in card.rows:
            key = (row.id, row.variant)
            if key in rows:
                raise file.error(f"row {_name(key)} stands in {rows[key][0].code}.toml or above; remove one")
            rows[key] = (card, row)
    if not cards:
        raise ContentError(f"{folder.name}: no card files; install the cards beside the package")
    return Library(
        cards=MappingProxyType(cards),
        rows=MappingProxyType(rows),
        sources=MappingProxyType(dict(sources)),
        disagreements=MappingProxyType(dict(disagreements)),
        overrides=load_overrides(folder),
        version=max((card.version for card in cards.values()), key=_order),
        content_hash=_hash(folder),
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _name(key: tuple[str, str]) -> str:
    return f'{key[0]} "{key[1]}"' if key[1] else key[0]


def _hash(folder: Path) -> str:
    """One fingerprint of the content, the same on every machine: names and bytes of all files, sorted."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
