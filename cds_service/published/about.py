"""What a site has to know of a decision support intervention before it trusts it: the 13 source attributes.

45 CFR 170.315(b)(11)(iv)(A), https://www.ecfr.gov/current/title-45/section-170.315 : filled honestly, "not used" too.
"""

from typing import Any

from cds_service.advice.library import Library

DEVELOPER = "The anakinra-cds project: engineers, no clinician among them"
FUNDING = "None"
_NOT_USED = "Not used"


def about(library: Library, profile: str) -> dict[str, Any]:
    """Version, content hash, dates and the 13 attributes, as JSON members."""
    released = sorted(card.released.isoformat() for card in library.cards.values())
    review = min(card.review_by for card in library.cards.values())
    reviewed_by = sorted({card.checked_by for card in library.cards.values() if card.checked_by})
    return {
        "title": "Anakinra and neutropenia: hold, rechallenge or switch",
        "version": library.version,
        "contentHash": library.content_hash,
        "profile": profile,
        "approvedBy": ", ".join(reviewed_by) or "Nobody: no clinician has approved this content",
        "intendedUse": "Evaluation with fictitious patients. Not for the care of patients.",
        "nextReviewBy": review.isoformat(),
        "sourceAttributes": [
            _attribute(1, "Bibliographic citation", "; ".join(_citations(library))),
            _attribute(2, "Developer", DEVELOPER),
            _attribute(3, "Funding source of the technical implementation", FUNDING),
            _attribute(
                4,
                "Release and revision dates",
                f"Released {released[0]}, last revised {released[-1]}, version {library.version}",
            ),
            _attribute(5, "Use of race", f"{_NOT_USED}; never as a proxy for Duffy status"),
            _attribute(6, "Use of ethnicity", f"{_NOT_USED}; never as a proxy for Duffy status"),
            _attribute(7, "Use of language", _NOT_USED),
            _attribute(8, "Use of sexual orientation", _NOT_USED),
            _attribute(9, "Use of gender identity", _NOT_USED),
            _attribute(10, "Use of sex", _NOT_USED),
            _attribute(
                11,
                "Use of date of birth",
                "Used: to say that case reports are about adults where the patient is a child, and for the age from "
                "which tocilizumab is labelled",
            ),
            _attribute(12, "Use of social determinants of health data", _NOT_USED),
            _attribute(13, "Use of health status assessments data", _NOT_USED),
        ],
    }


def _attribute(number: int, name: str, value: str) -> dict[str, Any]:
    return {"number": number, "name": name, "value": value}


def _citations(library: Library) -> list[str]:
    """Every source a card quotes, as the register has it."""
    quoted = {source.id for card in library.cards.values() for source in card.quoted}
    return [each.citation for each in library.sources.values() if each.id in quoted]
