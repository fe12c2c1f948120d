"""Was it the drug? Two lines on the cards that weigh a rechallenge: proposed scores with their inputs, never a verdict.

The method source S1 used (BEG85), and Naranjo's (NAR). What only a reviewer can judge is left open.
"""

from collections.abc import Sequence

from cds_service.advice.occasion import Occasion
from cds_service.advice.values import count_words
from cds_service.clinical.causality.propose import Proposal, proposals

WEIGHS_A_RECHALLENGE = frozenset(
    {
        "rechallenge-or-switch",
        "switch-after-failed-rechallenge",
        "rechallenge-after-failure",
        "rechallenge-after-recovery",
    }
)
_MOST, _MOST_CAUSES = 3, 3


def causality(occasion: Occasion) -> str:
    """ "**Causality** (proposed): French method 0.8: C3S2B3; 0.9: C2S2B3 (...). Naranjo 7, 6, probable."

    "" where no low run is on record. Of many runs the latest are told, and of the last one also the inputs.
    """
    found = proposals(occasion.picture, _MOST)
    if not found:
        return ""
    scores = "; ".join(f"{_about(each, occasion) if len(found) > 1 else ''}{each.french.score}" for each in found)
    return (
        f"**Causality** (proposed): French method {scores} ({_inputs(found[-1])}).\n"
        f"Naranjo {_naranjo(found)}; a reviewer decides."
    )


def _about(proposal: Proposal, occasion: Occasion) -> str:
    return f"{count_words(proposal.course.nadir, occasion.limits)}: "


def _naranjo(found: Sequence[Proposal]) -> str:
    """ "7, 5, probable" where all are of one category, else each with its own."""
    first, *others = (each.naranjo for each in found)
    if all(each.category == first.category for each in others):
        return ", ".join([*(str(each.score) for each in (first, *others)), first.category])
    return "; ".join(f"{each.score}, {each.category}" for each in (first, *others))


def _inputs(proposal: Proposal) -> str:
    causes = [each.name for each in proposal.causes]
    shown = causes[:_MOST_CAUSES] + ([f"{len(causes) - _MOST_CAUSES} more"] if len(causes) > _MOST_CAUSES else [])
    return "; ".join(
        (
            proposal.stopping.reason,
            proposal.again.reason + (" (inferred)" if proposal.again.inferred else ""),
            f"also on record: {', '.join(shown)}" if shown else "no other cause recorded",
        )
    )
