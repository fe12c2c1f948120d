"""Findings on a terminal, or in a log: where, how bad, by which requirement; what is wrong; how to mend it."""

import re
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from cds_service.validate.finding import Finding, Severity
from cds_service.validate.report import Report
from cds_service.validate.words import shown

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}
_INDEX = re.compile(r"/\d+(?=/|$)")


def show_report(out: Console, report: Report, name: str) -> None:
    """Every finding in the order of the document, then one line that counts them."""
    for finding, more in _folded(report.findings):
        where = f"{name}:{finding.line}:{finding.column}"
        head = Text.assemble(
            (where, "bold"), "  ", (finding.severity.value, _COLOURS[finding.severity]), f"  {finding.requirement}"
        )
        alike = f" (and at {more} more places like it)" if more else ""
        out.print(head, soft_wrap=True)
        out.print(
            Text(f"    {shown(finding.pointer) or 'the whole payload'}: {finding.message}{alike}"), soft_wrap=True
        )
        out.print(Text(f"    Fix: {finding.fix}", style="dim"), soft_wrap=True)
    out.print(summary(report, name), soft_wrap=True)


def summary(report: Report, name: str) -> Text:
    """ "card.json: card, 1 error, 2 warnings, no hints"."""
    counts = ", ".join(_counted(report.count(severity), severity.value) for severity in Severity)
    return Text(f"{name}: {report.kind}, {counts}", style="bold red" if report.errors else "bold green")


def _folded(findings: Iterable[Finding]) -> list[tuple[Finding, int]]:
    """Findings that differ only in the index of a list as one, with how many more there are of it."""
    first: dict[tuple[object, ...], Finding] = {}
    more: dict[tuple[object, ...], int] = {}
    for each in findings:
        alike = (
            each.severity,
            each.requirement,
            _INDEX.sub("/*", each.pointer),
            _INDEX_IN_WORDS.sub("[]", each.message),
        )
        if alike in first:
            more[alike] += 1
        else:
            first[alike], more[alike] = each, 0
    return [(finding, more[alike]) for alike, finding in first.items()]


_INDEX_IN_WORDS = re.compile(r"\[\d+\]")


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"
