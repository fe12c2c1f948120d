"""Which cards of an answer the same user has had before, about the same patient, on the same evidence.

Never a critical card, and never one that says that something could not be assessed. Where it cannot be known within a
twentieth of a second, nothing is a repeat, and everything is shown.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from cds_service.audit.account import Call
from cds_service.audit.earlier import Advice, Earlier, Span
from cds_service.audit.keyed import PATIENT, USER, Keyed
from cds_service.audit.repeats import Repeats
from cds_service.clinical.assess import NOT_ASSESSED
from cds_service.feedback.kept import KeptCard, kept_cards
from cds_service.hooks.context import ORDER_SIGN
from cds_service.hooks.request import HookRequest
from cds_service.records.opened import Database
from cds_service.site import RepeatTerms
from cds_service.switches.discretion import OVERRIDDEN_BEFORE, SHOWN_BEFORE, Card, Discretion, Withheld

_CRITICAL = "critical"


class Recall:
    """One per application."""

    def __init__(self, keyed: Keyed, database: Database) -> None:
        self._keyed = keyed
        self._repeats = Repeats(database)

    def heeded(self, discretion: Discretion, terms: RepeatTerms, call: Call) -> Discretion:
        """``discretion``, and repeats are kept back for as long as ``terms`` say."""
        if not terms or call.request is None:
            return discretion
        return discretion._replace(repeats=partial(self._withheld, terms, call, call.request))

    def _withheld(self, terms: RepeatTerms, call: Call, request: HookRequest, cards: Sequence[Card]) -> Withheld:
        asked = {
            at: Advice(card.code, card.evidence) for at, card in enumerate(kept_cards(cards)) if _may_be_left_out(card)
        }
        if not asked:
            return {}
        patient = self._keyed.hash(PATIENT, call.client, request.patient_id)
        user = self._keyed.hash(USER, call.client, request.context.user_id)
        longest = timedelta(days=max(1, terms.days_after_override), hours=terms.hours)
        known = self._repeats.earlier(patient, user, [*asked.values()], Span(call.at - longest, call.at))
        return _repeated(asked, known or {}, terms, call)


def _may_be_left_out(card: KeptCard) -> bool:
    return bool(card.indicator != _CRITICAL and card.code != NOT_ASSESSED and card.evidence)


def _repeated(asked: Mapping[int, Advice], known: Mapping[Advice, Earlier], terms: RepeatTerms, call: Call) -> Withheld:
    # Nothing comes after the signature, and that a card was sent does not mean that it was seen: an override does.
    hours = 0 if call.service.hook == ORDER_SIGN else terms.hours
    shown_since = call.at - timedelta(hours=hours)
    overridden_since = call.at - timedelta(days=terms.days_after_override)
    found: dict[int, str] = {}
    for at, advice in asked.items():
        earlier = known.get(advice, Earlier())
        if earlier.overridden is not None and earlier.overridden > overridden_since:
            found[at] = OVERRIDDEN_BEFORE
        elif earlier.shown is not None and earlier.shown > shown_since:
            found[at] = SHOWN_BEFORE
    return found
