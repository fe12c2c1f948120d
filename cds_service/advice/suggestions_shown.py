"""Which of a card's suggestions an EHR can show. What it cannot is left out, and the card's words say it by hand.

A suggestion is left out whole: "Hold anakinra and repeat the count" without its update would order the count, and leave
the clinician to believe that anakinra is held. What it would create is offered by itself, where no other suggestion
does that already.
"""

from cds_service.advice.suggestions_parts import CBC, Suggestion

FULL, CREATE_ONLY, NONE = "full", "create-only", "none"


def shown(suggestions: tuple[Suggestion, ...], allowed: str) -> tuple[Suggestion, ...]:
    """The suggestions for a client whose settings say ``allowed``."""
    if allowed == FULL:
        return suggestions
    if allowed == NONE:
        return ()
    kept = tuple(each for each in suggestions if len(_creates(each)) == len(each.actions))
    return kept or tuple(Suggestion(CBC, actions) for each in suggestions[:1] if (actions := _creates(each)))


def _creates(suggestion: Suggestion) -> tuple[dict[str, object], ...]:
    return tuple(action for action in suggestion.actions if action["type"] == "create")
