"""The lines of a report: one for each SHALL and SHOULD on a service, tested by checks or with the reason why not.

``lines.csv`` gives each line its group and title. ``needs`` is the part of an answer that must have been seen for the
validator's silence to count as a pass; ``also`` names requirements whose findings count here too (some rows of the
specification say the same thing twice); ``reason`` is for what nobody can see from outside.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cds_service.conform.verdicts import Outcome, Result
from cds_service.contract.requirements import Requirement, requirement
from cds_service.validate.finding import Severity

GROUPS = {
    "discovery": "Discovery",
    "calls": "Calls and answers",
    "cards": "Cards",
    "suggestions": "Suggestions and actions",
    "links": "Links, override reasons, codings",
    "prefetch": "Prefetch and FHIR access",
    "malformed": "Malformed calls",
    "browsers": "Browser-based clients",
    "feedback": "Feedback",
    "time": "Time and load",
    "security": "Security",
    "further": "Found besides",
}
BESIDES = "*"
"""In place of a service: the result of a requirement that has no line."""
_BY_WEIGHT = (Outcome.FAIL, Outcome.WARNING, Outcome.HINT)
_OF_SEVERITY = {Severity.ERROR: Outcome.FAIL, Severity.WARNING: Outcome.WARNING, Severity.HINT: Outcome.HINT}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement as a reader meets it; ``counted`` are the ids whose findings count here."""

    requirement: Requirement
    group: str
    title: str
    needs: str = ""
    counted: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A line with what came of it: ``reason`` says why it failed or was not tested, in one line."""

    line: Line
    outcome: Outcome
    reason: str
    results: tuple[Result, ...]


@cache
def lines(profile: str) -> tuple[Line, ...]:
    """The lines of a profile, in the order of a report."""
    rows = csv.DictReader((files(__package__) / "lines.csv").read_text("utf-8").splitlines())
    return tuple(
        Line(
            requirement(row["requirement"]),
            row["group"],
            row["title"],
            row["needs"],
            frozenset({row["requirement"], *row["also"].split()}),
            row["reason"],
        )
        for row in rows
        if not row["profiles"] or profile in row["profiles"].split()
    )


def named_by(line: Line, name: str) -> bool:
    """True if the line counts a whole set ("fhir_r4@*") that ``name`` is of."""
    return any(each.endswith("*") and name.startswith(each[:-1]) for each in line.counted)


def tell(known: Iterable[Line], results: Iterable[Result]) -> list[Told]:
    """Each line with its outcome, and a line of its own for what the validator found besides."""
    known, results = tuple(known), tuple(results)
    told = [_told(line, [each for each in results if line.requirement.id in each.requirements]) for line in known]
    besides = [each for each in results if each.service == BESIDES]
    return told + [_told(Line(_named(each.requirements[0]), "further", each.title), [each]) for each in besides]


def weight(line: Line, result: Result) -> Outcome:
    """How much a failed result counts: no more than the verb allows, no more than the finding's severity.

    A finding under a MAY counts in full: what may be done was done wrongly.
    """
    verb = line.requirement.verb
    by_verb = Outcome.FAIL if line.needs and verb == "MAY" else _by_verb(verb)
    return max(by_verb, _OF_SEVERITY[result.verdict.severity], key=_BY_WEIGHT.index)


def _by_verb(verb: str) -> Outcome:
    if verb.startswith("SHALL"):
        return Outcome.FAIL
    return Outcome.WARNING if verb.startswith("SHOULD") else Outcome.HINT


def _told(line: Line, results: list[Result]) -> Told:
    failed = [each for each in results if each.verdict.outcome is Outcome.FAIL]
    if failed:
        outcome = min((weight(line, each) for each in failed), key=_BY_WEIGHT.index)
        counted = [each for each in failed if weight(line, each) is outcome]
        return Told(line, outcome, _joined(counted), tuple(results))
    good = [each for each in results if each.verdict.outcome is Outcome.PASS]
    if good:
        return Told(
            line, Outcome.PASS, _joined([each for each in good if each.verdict.message], limit=3), tuple(results)
        )
    reason = _joined(results, limit=1) or line.reason or "No check of this tool covers it"
    return Told(line, Outcome.NOT_TESTED, reason, tuple(results))


def _joined(results: list[Result], limit: int = 2) -> str:
    """The messages, each once, with the services it is about where not all say the same."""
    services: dict[str, list[str]] = {}
    for each in results:
        services.setdefault(each.verdict.message, []).append(each.service.strip(BESIDES))
    if len(services) == 1:
        return next(iter(services))
    alone = len({each.service for each in results}) == 1
    said = [message if alone or not named[0] else f"{named[0]}: {message}" for message, named in services.items()]
    more = f"; and {len(said) - limit} more" if len(said) > limit else ""
    return "; ".join(said[:limit]) + more


def _named(identifier: str) -> Requirement:
    try:
        return requirement(identifier)
    except KeyError:
        url = "https://cds-hooks.hl7.org/2.0/"
        return Requirement(identifier, "SHALL", "Service", url, "A requirement that has no text here.")
