"""The suggestions of a hold card: put anakinra on hold, or only repeat the count; on a new draft, remove it too."""

from cds_service.advice.occasion import Occasion
from cds_service.advice.resources_hold import put_on_hold
from cds_service.advice.suggestions_parts import (
    HOLD,
    REMOVE,
    REPEAT_ONLY,
    UNTIL_RECOVERY,
    Action,
    Offer,
    Suggestion,
    counts,
    draft_removals,
)
from cds_service.advice.suggestions_shown import FULL
from cds_service.clinical.findings import Finding
from cds_service.clinical.neutrophils import BELOW_1

_NO_ORDER = f"Order a CBC with differential {UNTIL_RECOVERY}. No anakinra order here can be put on hold."
_DRAFT_TOO = "The hold also removes this draft."
_DRAFT_BY_HAND = "With the hold, remove this draft."
_MAS_ASKED = "None is recommended: macrophage activation syndrome is in question, and IL-1 blockade treats it."
_MAS_CODED = "None is recommended: macrophage activation syndrome or HLH is recorded, and IL-1 blockade treats it."
_OR_REMOVE = "Or remove only this draft and order the counts."


def hold(finding: Finding, occasion: Occasion) -> Offer:
    """Hold and repeat, repeat only, remove the draft. Only a hold below 1.0 with MAS not in question is recommended.

    Stopping IL-1 blockade can worsen macrophage activation syndrome: coded, or the matter of a card beside this one, it
    takes the recommendation away.
    """
    repeat = counts(finding, occasion)
    holds = _holds(occasion)
    removals = draft_removals(finding) if finding.continuation else ()
    removable = bool(removals) and finding.code == "hold-anakinra"
    suggestions = [Suggestion(REPEAT_ONLY, repeat)]
    if holds:
        # The draft goes first: the public sandbox applies only the first action that it understands.
        suggestions.insert(0, Suggestion(HOLD, (*removals, *holds, *repeat), _is_recommended(finding, occasion)))
    if removable:
        suggestions.append(Suggestion(REMOVE, (*removals, *repeat)))
    mas = _MAS_CODED if occasion.mas_recorded else _MAS_ASKED
    draft = _DRAFT_TOO if occasion.context.suggestions == FULL else _DRAFT_BY_HAND
    sentences = ((draft, removals and holds), (_OR_REMOVE, removable), (mas, holds and occasion.mas_in_question))
    also = [words for words, said in sentences if said]
    return Offer(tuple(suggestions), also=" ".join(also), instead="" if holds else _NO_ORDER)


def _holds(occasion: Occasion) -> tuple[Action, ...]:
    """One update for each active anakinra order."""
    orders = occasion.picture.anakinra.active_orders
    changed = [resource for order in orders if (resource := put_on_hold(order, occasion)) is not None]
    return tuple(
        {"type": "update", "description": "Put the anakinra order on hold", "resource": resource}
        for resource in changed
    )


def _is_recommended(finding: Finding, occasion: Occasion) -> bool:
    low = finding.state is not None and finding.state.anc in BELOW_1
    return finding.code == "hold-anakinra" and low and not occasion.mas_in_question
