"""The parts of a card that no patient changes: sources, disagreements, links. Put together once for each card."""

from collections.abc import Iterator
from dataclasses import dataclass

from cds_service.advice.library import Card, Evidence, Library


@dataclass(frozen=True, slots=True)
class Standing:
    """``adult_reports``: a source the card quotes is about adults only. ``links`` are ready for the card."""

    sources: str
    disagreements: str
    review: str
    adult_reports: bool
    links: tuple[dict[str, str], ...]
    topic: dict[str, str]
    overrides: tuple[dict[str, str], ...]


TOPIC_SYSTEM = "urn:anakinra-cds:advice"
_STANDING: dict[tuple[str, str], Standing] = {}


def standing_of(card: Card, library: Library) -> Standing:
    """The standing parts of a card. Threads that meet here do the same work twice, and neither harms the other."""
    key = library.content_hash, card.code
    known = _STANDING.get(key)
    if known is None:
        known = _STANDING[key] = _build(card, library)
    return known


def _build(card: Card, library: Library) -> Standing:
    return Standing(
        sources="\n".join(("**Sources:**", "", *(f"- {line}" for line in _sources(card.evidence)))),
        disagreements=_disagreements(card),
        review=f"checked by {card.checked_by}" if card.checked_by else "unreviewed content",
        adult_reports=any("adult" in source.level for source in card.quoted),
        links=tuple({"label": link.short, "url": link.url, "type": "absolute"} for link in card.links if link.url),
        topic={"system": TOPIC_SYSTEM, "code": card.code, "display": card.display},
        overrides=tuple(
            {"code": each.code, "system": each.system, "display": each.display} for each in library.overrides
        ),
    )


def _disagreements(card: Card) -> str:
    words = " ".join(each.text for each in card.disagreements)
    return f"**Where sources disagree:** {words}" if words else ""


def _sources(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    """One line a source: what kind of text it is and about whom, and all it says."""
    by_source: dict[str, list[Evidence]] = {}
    for each in evidence:
        by_source.setdefault(each.source.id, []).append(each)
    for said in by_source.values():
        source = said[0].source
        label = source.label if any(each.main for each in said) else source.brief_label
        yield f"{label}: {' '.join(_says(each) for each in said)}"


def _says(evidence: Evidence) -> str:
    checked = evidence.verified and evidence.source.verified
    return evidence.says if checked else f"{evidence.says} (unverified)"
