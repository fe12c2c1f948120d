"""The evidence register: everything this service states, by the source it came from, and who has to check it when.

One list out of ``cards/`` (sources, disagreements, cards, thresholds) and the code lists: whatever it names must have
an entry in ``sources.toml``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cds_service.advice.library import Library
from cds_service.advice.profile import Profile
from cds_service.codes.catalogue import SPECIFICATION, coded


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement. ``kind`` is source, disagreement, card, threshold or code; ``place`` the file it stands in."""

    kind: str
    name: str
    says: str
    sources: tuple[str, ...]
    verified: bool
    to_check: str
    review_by: date
    place: str


def register(library: Library, profiles: tuple[Profile, ...]) -> tuple[Entry, ...]:
    """Every entry, in the order of the files."""
    return (
        *_sources(library),
        *_disagreements(library),
        *_evidence(library),
        *(entry for profile in profiles for entry in _thresholds(library, profile)),
        *_codes(library),
    )


def unverified(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """What was not checked at its source yet."""
    return tuple(entry for entry in entries if not entry.verified)


def overdue(entries: tuple[Entry, ...], today: date) -> tuple[Entry, ...]:
    """What should have been looked at again before ``today``."""
    return tuple(entry for entry in entries if entry.review_by < today)


def _sources(library: Library) -> Iterator[Entry]:
    for each in library.sources.values():
        says = f"{each.citation} ({each.dated})"
        place = "cards/sources.toml"
        yield Entry("source", each.id, says, (each.id,), each.verified, each.to_check, each.review_by, place)


def _disagreements(library: Library) -> Iterator[Entry]:
    for each in library.disagreements.values():
        place = "cards/disagreements.toml"
        yield Entry(
            "disagreement", each.id, each.text, each.sources, each.verified, each.to_check, each.review_by, place
        )


def _evidence(library: Library) -> Iterator[Entry]:
    for card in library.cards.values():
        for each in card.evidence:
            source, place = each.source, f"cards/{card.code}.toml"
            yield Entry(
                "card", card.code, each.says, (source.id,), each.verified, source.to_check, card.review_by, place
            )


def _thresholds(library: Library, profile: Profile) -> Iterator[Entry]:
    for name, each in profile.entries.items():
        source = library.sources[each.source]
        says = f"{each.value} {each.unit}: {each.note}"
        place = f"cards/profiles/{profile.name}.toml"
        yield Entry("threshold", name, says, (source.id,), each.verified, source.to_check, source.review_by, place)


def _codes(library: Library) -> Iterator[Entry]:
    source = library.sources[SPECIFICATION]
    for each in coded():
        says = f"{each.system} {each.code}"
        yield Entry(
            "code", each.about, says, (source.id,), each.verified, source.to_check, source.review_by, each.place
        )
