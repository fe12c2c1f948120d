"""The whole run, in order."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from cds_service.conform.bench import Bench, Offered, Options
from cds_service.conform.chart import Chart, given_chart, own_chart
from cds_service.conform.exchange import Exchange
from cds_service.conform.groups import (
    browsers,
    calls,
    discovery,
    feedback,
    malformed,
    prefetch,
    refusals,
    security,
    times,
)
from cds_service.conform.judge import judge
from cds_service.conform.lines import Told, lines, tell
from cds_service.conform.verdicts import Group, Outcome, Result, not_tested, settle
from cds_service.conform.wire import Wire
from cds_service.ehr.client import place

GROUPS: tuple[Group, ...] = (
    discovery.group,
    calls.group,
    prefetch.group,
    malformed.group,
    refusals.group,
    browsers.group,
    feedback.group,
    times.group,
    security.group,
)

Progress = Callable[[str, int, int], None]
"""Told before each check: its title, how many are done, how many there are."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run. ``started`` is aware, UTC; ``seconds`` is how long it took."""

    options: Options
    started: datetime
    seconds: float
    calls: int
    discovery: Exchange | None
    services: tuple[Offered, ...]
    told: tuple[Told, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.told)


def conform(options: Options, progress: Progress = lambda *_: None) -> Run:
    """Plays the EHR against ``options.base``. CannotStart if nobody answers there, or at the FHIR server named."""
    started, clock = datetime.now(UTC), time.perf_counter()
    wire = Wire(options.base, options.token, options.timeout, options.sign)
    with _chart(options) as chart:
        bench = Bench(options, wire, chart)
        discovery.find(bench)
        results = _checked(bench, progress)
    known = lines(options.profile)
    told = tell(known, [*results, *judge(bench, known)])
    seconds = time.perf_counter() - clock
    return Run(options, started, seconds, wire.calls, bench.discovery, bench.services, tuple(told))


def _chart(options: Options) -> AbstractContextManager[Chart]:
    named = not options.prefetch_only
    if options.fhir_url:
        fhir = place("--fhir", options.fhir_url, options.fhir_token)
        return nullcontext(given_chart(fhir, options.patients, named=named))
    return own_chart(options.base, options.patients, named=named)


def _checked(bench: Bench, progress: Progress) -> list[Result]:
    """Every check of every group; those made for each service once with the reason where there is no service."""
    rounds = [
        (group, check, service)
        for group in GROUPS
        for service in ((bench.services or (None,)) if group.each_service else (None,))
        for check in group.checks
    ]
    results = []
    for done, (group, check, service) in enumerate(rounds):
        progress(check.title, done, len(rounds))
        if group.name in bench.options.skip:
            verdict = not_tested("Left out with --skip")
        elif service is None and group.each_service:
            verdict = not_tested(bench.no_services)
        else:
            verdict = settle(check, bench, service) if service else settle(check, bench)
        results.append(Result(check.title, check.requirements, service.id if service else "", verdict))
    progress("", len(rounds), len(rounds))
    return results
