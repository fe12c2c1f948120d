"""A retrospective evaluation as tables to read, as JSON, and one evaluation as a line of NDJSON."""

from collections.abc import Iterator
from typing import Any

import msgspec
from rich.table import Table
from rich.text import Text

from cds_service.cli.card_panel import console
from cds_service.clinical.scene import Hook
from cds_service.retrospective.evaluate import Evaluation
from cds_service.retrospective.run import Report
from cds_service.retrospective.tally import Tally
from cds_service.site import Site

_OUTCOMES = {
    "cards": "with cards",
    "none": "with none: every rule that applies was clear",
    "not-assessed": "could not be assessed, and a card said so",
    "refused": "refused: too little data for any answer",
}
_STATUS = "The status of an order is that of the export; what it was at an earlier moment is not recorded there."
_ENDED = (
    "{n} evaluations, {silent} of them with no card, show an order of ours as ended, though nothing in the export says "
    "that it had ended by then: the service took the drug for stopped"
)
_MOST_REASONS = 15


def show(report: Report) -> None:
    """Prints the summary for people."""
    out = console()
    tally = report.tally
    out.print(Text(f"{report.plan.hook}: {tally.evaluations} evaluations", style="bold"))
    out.print(f"Patients read: {report.patients}, with an order of ours: {report.concerned}, ", end="")
    median = f" Median time of an evaluation: {tally.milliseconds:.1f} ms." if tally.evaluations else ""
    out.print(f"evaluated: {len(tally.patients)}.{median}")
    for outcome, words in _OUTCOMES.items():
        if times := tally.outcomes[outcome]:
            out.print(f"  {times} {words}")
    if tally.evaluations:
        out.print(_advice(report))
    if tally.not_evaluated:
        out.print(_reasons(report))
    out.print()
    for note in notes(report):
        out.print(Text(f"- {note}", style="dim"))
    for fault in faults(report):
        out.print(Text(fault, style="bold yellow"), soft_wrap=True)


def as_json(report: Report, site: Site) -> str:
    """One object."""
    return msgspec.json.format(msgspec.json.encode(_members(report, site)), indent=2).decode() + "\n"


def as_line(evaluation: Evaluation, patient: str) -> bytes:
    """One evaluation; ``patient`` as it may be named."""
    body: dict[str, Any] = {
        "patient": patient,
        "at": evaluation.at.isoformat().replace("+00:00", "Z"),
        "outcome": evaluation.outcome,
        "cards": [{"code": each.code, "indicator": each.indicator, "row": each.row} for each in evaluation.cards],
        "notEvaluated": [_reason(*each) for each in evaluation.not_evaluated],
        "milliseconds": round(evaluation.milliseconds, 2),
        "undated": evaluation.undated,
        "endedSince": evaluation.ended_since,
        "incomplete": evaluation.incomplete,
    }
    return msgspec.json.encode(body) + b"\n"


def notes(report: Report) -> Iterator[str]:
    """What a reader has to know of the numbers."""
    tally = report.tally
    yield _STATUS
    if tally.ended_since and not report.plan.as_then:
        yield _ended(tally) + " (--orders as-then)."
    elif tally.ended_since:
        yield _ended(tally) + "; when it ended nobody can tell."
    if report.plan.as_then:
        yield "Orders were taken to run until the end that their own dates state; they may have been on hold."
    if tally.undated:
        yield f"{tally.undated} evaluations show resources without a date, which may have come later."
    if report.undated_orders and report.plan.hook != Hook.VIEW:
        yield f"{report.undated_orders} orders do not say when they were written, so their signing is not judged."
    if report.not_exported:
        yield f"Not in the export, so not sent: {', '.join(report.not_exported)}."
    if report.passed_over:
        yield f"Not read, as they do not end in .ndjson: {', '.join(each.name for each in report.passed_over)}."
    if report.plan.hook == Hook.VIEW and not report.plan.choice.at:
        yield "Judged whenever something was new: what falls due between two such moments is seen only with --at."


def faults(report: Report) -> Iterator[str]:
    """What could not be read, and what follows from it."""
    found = report.faults
    if not found.count:
        return
    yield from map(str, found.named)
    if more := found.count - len(found.named):
        yield f"... and {more} more: " + ", ".join(f"{times} x {why}" for why, times in found.by_reason.most_common())
    yield f"The export was not read whole: {report.tally.incomplete} evaluations may lack what those lines say."


def _ended(tally: Tally) -> str:
    return _ENDED.format(n=tally.ended_since, silent=tally.silent_and_ended_since)


def _advice(report: Report) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("advice", no_wrap=True)
    table.add_column("indicators")
    for head in ("evaluations", "patients", "per 100"):
        table.add_column(head, justify="right")
    for each in report.tally.advice():
        indicators = ", ".join(f"{times} {name}" for name, times in each.indicators.items())
        table.add_row(each.code, indicators, str(each.evaluations), str(each.patients), f"{each.per_100:.1f}")
    return table


def _reasons(report: Report) -> Table:
    table = Table("not evaluated", "why", box=None, pad_edge=False)
    table.add_column("evaluations", justify="right")
    for (rule, why), times in report.tally.not_evaluated.most_common(_MOST_REASONS):
        table.add_row(rule or "the call", why, str(times))
    if (more := len(report.tally.not_evaluated) - _MOST_REASONS) > 0:
        table.add_row("...", f"and {more} more reasons (--format json has them)", "")
    return table


def _members(report: Report, site: Site) -> dict[str, Any]:
    tally, plan = report.tally, report.plan
    return {
        "hook": plan.hook,
        "service": plan.service.id,
        "moments": {
            "at": [each.isoformat() for each in plan.choice.at],
            "since": plan.choice.since and plan.choice.since.isoformat(),
            "until": plan.choice.until.isoformat(),
        },
        "orders": "as-then" if plan.as_then else "as-exported",
        "rulesVersion": site.library.version,
        "contentHash": site.library.content_hash,
        "profile": site.profile.name,
        "lines": report.lines,
        "notExported": list(report.not_exported),
        "patients": {"read": report.patients, "concerned": report.concerned, "evaluated": len(tally.patients)},
        "evaluations": tally.evaluations,
        "outcomes": {outcome: tally.outcomes[outcome] for outcome in _OUTCOMES},
        "advice": [_advice_members(*each) for each in tally.advice()],
        "notEvaluated": [_reason(*each) | {"evaluations": n} for each, n in tally.not_evaluated.most_common()],
        "medianMilliseconds": round(tally.milliseconds, 2),
        "undated": tally.undated,
        "undatedOrders": report.undated_orders,
        "endedSince": tally.ended_since,
        "noneAndEndedSince": tally.silent_and_ended_since,
        "incomplete": tally.incomplete,
        "faults": {
            "count": report.faults.count,
            "byReason": dict(report.faults.by_reason.most_common()),
            "named": [each._asdict() for each in report.faults.named],
        },
        "notRead": [each.name for each in report.passed_over],
        "notes": list(notes(report)),
    }


def _advice_members(code: str, evaluations: int, patients: int, per_100: float, indicators: Any) -> dict[str, Any]:
    counted = {"evaluations": evaluations, "patients": patients, "per100": per_100}
    return {"code": code, **counted, "indicators": indicators}


def _reason(rule: str, why: str) -> dict[str, str]:
    return {"rule": rule, "why": why}
