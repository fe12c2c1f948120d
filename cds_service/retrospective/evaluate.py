"""One evaluation: the service's own answer about one patient at one moment, and what it would have shown."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from time import perf_counter
from typing import NamedTuple

from cds_service.audit.account import REFUSED, outcome_of
from cds_service.audit.known_words import known_problem, known_words
from cds_service.clinical.findings import Answer
from cds_service.clinical.scene import Hook
from cds_service.errors import CdsError
from cds_service.feedback.kept import KeptCard, kept_cards
from cds_service.hook_call import Reply, answer
from cds_service.retrospective.chart import Source, request_at, shown, status_in_doubt
from cds_service.retrospective.dossier import Dossier, Item
from cds_service.retrospective.moments import Choice, Moment, moments_of
from cds_service.retrospective.scan import Export
from cds_service.site import Site


class NotEvaluated(NamedTuple):
    """A rule that could not be evaluated ("" where the whole call was refused), and why, in this service's words."""

    rule: str
    why: str


class Evaluation(NamedTuple):
    """What became of one call. ``outcome`` as in the audit: "cards", "none", "not-assessed" or "refused".

    ``undated``: resources that were shown without knowing since when. ``ended_since``: orders of our drugs that the
    export says have ended, and not that they had by then. ``incomplete``: a line of the export that may be this
    patient's could not be read.
    """

    patient: str
    at: datetime
    outcome: str
    cards: Sequence[KeptCard]
    not_evaluated: Sequence[NotEvaluated]
    milliseconds: float
    undated: int
    ended_since: int
    incomplete: bool


class Evaluator:
    """Evaluates the patients of one export for one service, on the terms of a site."""

    def __init__(self, site: Site, source: Source, export: Export) -> None:
        self._site = site
        self._source = source
        self._faults = export.faults

    def evaluations(self, dossier: Dossier, choice: Choice) -> Iterator[Evaluation]:
        """One for each moment, in their order."""
        dossier.sort()
        for moment in moments_of(dossier, Hook(self._source.service.hook), choice):
            yield self._evaluation(dossier, moment)

    def reply(self, dossier: Dossier, moment: Moment, items: Sequence[Item]) -> Reply:
        """The answer of the hook, with the moment for its time. Raises CdsError as the hook would."""
        gaps = dossier.patient in self._faults.patients
        request = request_at(dossier, items, moment, self._source, gaps=gaps)
        return answer(request, self._source.service, self._site, moment.at)

    def _evaluation(self, dossier: Dossier, moment: Moment) -> Evaluation:
        items = shown(dossier, moment)
        cards: list[KeptCard] = []
        started = perf_counter()
        try:
            reply = self.reply(dossier, moment, items)
            cards = kept_cards(reply.cards, reply.withheld)
            outcome, unknown = outcome_of(cards), list(_not_evaluated(reply))
        except CdsError as refused:
            outcome = REFUSED
            unknown = [NotEvaluated("", known_problem(each)) for each in refused.messages]
        except Exception as fault:  # noqa: BLE001  the hook would answer 500; other patients are none the worse for it
            outcome, unknown = REFUSED, [NotEvaluated("", f"a fault of this service ({type(fault).__name__})")]
        return Evaluation(
            dossier.patient,
            moment.at,
            outcome,
            cards,
            unknown,
            (perf_counter() - started) * 1000,
            undated=sum(each.at is None for each in items),
            ended_since=sum(status_in_doubt(each, moment.at, self._source) for each in items),
            incomplete=self._faults.touches(dossier.patient),
        )


def _not_evaluated(reply: Reply) -> Iterator[NotEvaluated]:
    outcomes = reply.assessment.outcomes if reply.assessment else ()
    for each in outcomes:
        if each.answer is Answer.NOT_EVALUATED:
            yield NotEvaluated(each.rule, known_words(each.reason))
