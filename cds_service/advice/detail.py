"""A card's detail: GitHub Markdown that lets a clinician check the basis in ten seconds, or in ten minutes.

Order: what was found, the table of counts, why and fever, sources, where they disagree, what else and what is
missing, what is offered, and the rules' version. No HTML, no heading, no link (those are in ``links``).
"""

from typing import NamedTuple

from cds_service.advice.detail_causality import WEIGHS_A_RECHALLENGE, causality
from cds_service.advice.detail_counts import headline, shown_in_table, table
from cds_service.advice.detail_exposure import exposures
from cds_service.advice.detail_facts import also_on, fever, missing, population
from cds_service.advice.detail_found import found
from cds_service.advice.detail_history import earlier_low
from cds_service.advice.detail_static import Standing
from cds_service.advice.fillings import Fillings, ForMarkdown
from cds_service.advice.library import Card, Row
from cds_service.advice.markdown import escape
from cds_service.advice.occasion import Occasion
from cds_service.clinical.findings import Finding
from cds_service.clinical.series import Count

_AFTER_AN_EPISODE = frozenset(
    {
        "rechallenge-after-failure",
        "rechallenge-after-recovery",
        "rechallenge-or-switch",
        "switch-after-failed-rechallenge",
        "watch-after-restart",
    }
)
_ON_A_COUNT = frozenset({"M2", "D1", "G1"})
"""Overlays that speak of the count, though they are about something else."""


class Parts(NamedTuple):
    """What a detail is made of, beside the finding: the card's row, its standing parts, its values, the offer.

    ``offered`` says in words what the suggestions do, "" where there are none; ``by_hand``: this EHR does not show all
    of them.
    """

    card: Card
    row: Row
    standing: Standing
    values: Fillings
    offered: str
    by_hand: bool = False


def detail(finding: Finding, parts: Parts, occasion: Occasion) -> str:
    """The whole text, paragraphs parted by an empty line."""
    shown = shown_in_table(occasion) if parts.card.table else ()
    paragraphs = (
        _basis(finding, occasion),
        table(shown, occasion),
        _why(finding, parts, shown, occasion),
        causality(occasion) if finding.code in WEIGHS_A_RECHALLENGE else "",
        parts.standing.sources,
        _sentences(
            parts.standing.disagreements,
            population(finding, occasion, adult_reports=parts.standing.adult_reports),
        ),
        _sentences(also_on(finding, occasion), missing(finding, occasion)),
        _close(parts, occasion),
    )
    return "\n\n".join(filter(None, paragraphs))


def _basis(finding: Finding, occasion: Occasion) -> str:
    state = finding.state
    if state is not None:
        return headline(occasion, state.anc)
    count = headline(occasion, None) if finding.row in _ON_A_COUNT else ""
    return _sentences(count, found(finding, occasion))


def _why(finding: Finding, parts: Parts, shown: tuple[Count, ...], occasion: Occasion) -> str:
    incomplete = "; ".join(escape(each, 160) for each in finding.incomplete)
    return _sentences(
        f"**Why:** {parts.row.why.fill(ForMarkdown(parts.values))}",
        earlier_low(occasion, shown) if finding.code in _AFTER_AN_EPISODE else "",
        exposures(finding, occasion) if finding.state is not None else "",
        fever(finding, occasion),
        f"**Based on incomplete data:** {incomplete}." if incomplete else "",
    )


def _close(parts: Parts, occasion: Occasion) -> str:
    version = f"Rules {occasion.library.version} ({occasion.context.profile})"
    footer = f"*{version}, data as of {occasion.now_words}, {parts.standing.review}.*"
    head = "To do by hand, as far as it is not offered here" if parts.by_hand else "Offered"
    return _sentences(f"*{head}:* {parts.offered}" if parts.offered else "You decide.", footer)


def _sentences(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
