"""The whole of a retrospective evaluation: an export is read, each patient concerned is evaluated, all is summed up."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from cds_service.hooks.services import SERVICES, Service
from cds_service.retrospective.chart import Source
from cds_service.retrospective.dossier import PATIENT
from cds_service.retrospective.evaluate import Evaluation, Evaluator
from cds_service.retrospective.faults import Faults
from cds_service.retrospective.files import Files
from cds_service.retrospective.moments import Choice
from cds_service.retrospective.scan import read
from cds_service.retrospective.tally import Tally
from cds_service.site import Site


class Plan(NamedTuple):
    """What is evaluated: the hook, the moments, and what is made of orders that have ended (``statuses``)."""

    hook: str
    choice: Choice
    as_then: bool = False

    @property
    def service(self) -> Service:
        return next(each for each in SERVICES.values() if each.hook == self.hook)


class Report(NamedTuple):
    """What came of it. ``lines``: read, by type; ``not_exported``: types the service asks for and the export lacks.

    ``undated_orders``: orders of ours without the date they were written on, at which an order hook would be called.
    """

    plan: Plan
    lines: dict[str, int]
    not_exported: Sequence[str]
    concerned: int
    undated_orders: int
    tally: Tally
    faults: Faults
    passed_over: Sequence[Path]

    @property
    def patients(self) -> int:
        return self.lines.get(PATIENT, 0)


def replay(
    files: Files,
    plan: Plan,
    site: Site,
    each: Callable[[Evaluation], None],
    watch: Callable[[str], object] = lambda _: None,
) -> Report:
    """Evaluates the export in ``files``; every evaluation is handed to ``each``, and ``watch`` told what is done now.

    Raises NoExport.
    """
    export = read(files.read, plan.service, site.settings.zone, watch)
    source = Source(plan.service, export.searches, export.types, plan.as_then)
    evaluator, tally = Evaluator(site, source, export), Tally()
    for number, (_, dossier) in enumerate(sorted(export.dossiers.items()), 1):
        watch(f"Evaluating patient {number} of {len(export.dossiers)}")
        for evaluation in evaluator.evaluations(dossier, plan.choice):
            tally.add(evaluation)
            each(evaluation)
    missing = [kind for kind in dict.fromkeys(export.searches.type_of.values()) if kind not in export.types]
    return Report(
        plan,
        dict(export.lines.most_common()),
        missing,
        len(export.dossiers),
        sum(dossier.undated_orders for dossier in export.dossiers.values()),
        tally,
        export.faults,
        files.passed_over,
    )
