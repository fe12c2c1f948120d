"""A run as plain data (docs/conform.md gives its shape): what every report and the terminal show.

Here, and only here, secrets are taken out and foreign text is made fit to show.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

from cds_service.conform.exchange import Exchange
from cds_service.conform.lines import GROUPS, Told
from cds_service.conform.reports.evidence import hider, presentable, shown
from cds_service.conform.run import Run
from cds_service.conform.verdicts import Outcome, Result

Json = dict[str, Any]

_KEPT = {Outcome.FAIL: 5, Outcome.PASS: 1, Outcome.NOT_TESTED: 1}


def document(run: Run, *, strict: bool = False) -> Json:
    """The document of a run. ``strict`` makes failed SHOULDs count for ``exit_code``."""
    hide = hider(run.options.token, run.options.fhir_token)
    exchanges: list[Exchange] = []
    groups = [
        {"name": title, "lines": [_line(each, exchanges) for each in run.told if each.line.group == name]}
        for name, title in GROUPS.items()
    ]
    counts = {str(outcome): run.count(outcome) for outcome in Outcome}
    failed = counts[Outcome.FAIL] + (counts[Outcome.WARNING] if strict else 0)
    found: Json = {
        "tool": {"name": "cds-service conform", "version": version("anakinra-cds")},
        "target": {
            "base": run.options.base,
            "discovery": run.discovery.url if run.discovery else "",
            "profile": run.options.profile,
            "token": "signed" if run.options.sign else "given" if run.options.token else "none",
        },
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 1),
        "calls": run.calls,
        "strict": strict,
        "exit_code": 1 if failed else 0,
        "summary": counts,
        "services": [{"id": each.id, "hook": each.hook} for each in run.services],
        "groups": [each for each in groups if each["lines"]],
        "exchanges": [shown(each, hide) for each in exchanges],
    }
    cleaned: Json = _everywhere(found, lambda text: presentable(hide(text)))
    return cleaned


def _line(told: Told, exchanges: list[Exchange]) -> Json:
    requirement = told.line.requirement
    return {
        "requirement": requirement.id,
        "verb": requirement.verb,
        "url": requirement.url,
        "text": requirement.text,
        "title": told.line.title,
        "outcome": str(told.outcome),
        "reason": told.reason,
        "checks": [_check(each, exchanges) for each in told.results],
    }


def _check(result: Result, exchanges: list[Exchange]) -> Json:
    verdict = result.verdict
    return {
        "title": result.title,
        "service": result.service.strip("*"),
        "outcome": str(verdict.outcome),
        "message": verdict.message,
        "evidence": _indices(verdict.evidence[: _KEPT[verdict.outcome]], exchanges),
    }


def _indices(evidence: Iterable[Exchange], exchanges: list[Exchange]) -> list[int]:
    """Where each exchange stands in the document; one that several checks show stands there once."""
    found = []
    for each in evidence:
        place = next((index for index, known in enumerate(exchanges) if known is each), len(exchanges))
        if place == len(exchanges):
            exchanges.append(each)
        found.append(place)
    return found


def _everywhere(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _everywhere(each, clean) for key, each in value.items()}
    return [_everywhere(each, clean) for each in value] if isinstance(value, list) else value
