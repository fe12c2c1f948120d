"""The pieces suggestions are made of: their labels, and the actions that several of them share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cds_service.advice.occasion import Occasion
from cds_service.advice.resources import Resource, is_reference, lab_order
from cds_service.advice.resources_timing import ONCE, early_after_restart, until_recovery, weekly_after_restart
from cds_service.clinical.exposure import Use
from cds_service.clinical.findings import Finding
from cds_service.clinical.neutrophils import LOW
from cds_service.codes.labs import ANALYTES, BY_LOINC, CBC_WITH_DIFFERENTIAL, HEPATIC_PANEL
from cds_service.codes.labs import MAS_LABS as MAS_ORDERS

HOLD = "Hold anakinra and repeat the count"
REPEAT_ONLY = "Repeat the count only"
CBC = "Order CBC with differential"
CBC_AND_HEPATIC = "Order CBC with differential and hepatic panel"
SWITCH = "Switch to tocilizumab"
TOCILIZUMAB_LABS = "Order the labs tocilizumab needs"
PLAN_RECHALLENGE = "Plan a rechallenge"
REMOVE = "Remove this order"
ADD_EARLY = "Add early counts"
MAS_LABS = "Order MAS labs"
REPEAT_AND_MAS = "Repeat the count and MAS labs"
UNTIL_RECOVERY = "every 1-2 days until recovery"

Action = dict[str, Any]
_FROM_FIRST_DOSE = "Days count from the first dose, taken as today: move them with it."
_HOLDING = frozenset({"hold-anakinra", "review-anakinra"})


class Suggestion(NamedTuple):
    """One thing a clinician may accept."""

    label: str
    actions: tuple[Action, ...]
    recommended: bool = False


class Offer(NamedTuple):
    """What a card offers; ``also`` adds words to the card's own, ``instead`` replaces them (Markdown).

    ``values``: placeholders of the card's words that say what these very suggestions hold.
    """

    suggestions: tuple[Suggestion, ...] = ()
    also: str = ""
    instead: str = ""
    values: Mapping[str, str] = MappingProxyType({})


def create(description: str, resource: Resource) -> Action:
    return {"type": "create", "description": description, "resource": resource}


def counts(finding: Finding, occasion: Occasion) -> tuple[Action, ...]:
    """A repeat count: every 1-2 days while low and held (or being held), otherwise once."""
    if _until_recovery(finding):
        timing, words = until_recovery(occasion), f"Order a CBC with differential {UNTIL_RECOVERY}"
    else:
        timing, words = ONCE, "Order a CBC with differential"
    return (create(words, lab_order(CBC_WITH_DIFFERENTIAL, occasion, timing)),)


def how_often(finding: Finding) -> dict[str, str]:
    """The words of ``counts`` for a card that may offer either: the placeholder, left out for a single count."""
    return {"how_often": UNTIL_RECOVERY} if _until_recovery(finding) else {}


def _until_recovery(finding: Finding) -> bool:
    """Held without any later count says nothing of recovery; a count that is only old asks for one new one."""
    state = finding.state
    if state is None:
        return False
    if finding.code in _HOLDING:
        return True
    if finding.code == "recheck-after-hold":
        return finding.variant != "stale"
    return state.anc in LOW and state.anakinra is Use.HELD


def early_counts(occasion: Occasion) -> tuple[Action, ...]:
    """After a restart: one count between day 2 and 5, then weekly for four weeks."""
    early = lab_order(CBC_WITH_DIFFERENTIAL, occasion, early_after_restart(occasion), _FROM_FIRST_DOSE)
    weekly = lab_order(CBC_WITH_DIFFERENTIAL, occasion, weekly_after_restart(occasion), _FROM_FIRST_DOSE)
    return (
        create("Order a CBC with differential between day 2 and 5 of the restart", early),
        create("Order a CBC with differential weekly for 4 weeks", weekly),
    )


def labs_for_tocilizumab(occasion: Occasion) -> tuple[Action, ...]:
    return (
        create("Order a CBC with differential", lab_order(CBC_WITH_DIFFERENTIAL, occasion, ONCE)),
        create("Order a hepatic function panel", lab_order(HEPATIC_PANEL, occasion, ONCE)),
    )


def mas_labs(occasion: Occasion) -> dict[str, Action]:
    """The MAS labs that are not on file within the days the criteria look at: their names in words, and the orders."""
    missing = occasion.picture.mas_pattern.missing
    wanted = {ANALYTES[name].words: order for order in MAS_ORDERS if (name := BY_LOINC[order.code.value]) in missing}
    return {words: create(f"Order {words}", lab_order(order, occasion, ONCE)) for words, order in wanted.items()}


def draft_removals(finding: Finding) -> tuple[Action, ...]:
    """Delete the drafts the card is about; one without an id cannot be named."""
    return tuple(
        {"type": "delete", "description": "Remove the draft order", "resourceId": draft.source}
        for draft in finding.drafts
        if is_reference(draft.source)
    )
