"""What the validator says of a payload."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from cds_service.validate.finding import Finding, Severity
from cds_service.validate.locate import locate
from cds_service.validate.node import Node, OfName, placed

_LINE_END = re.compile("\n")
_MEMBERS = ("severity", "pointer", "line", "column", "requirement", "message", "fix")
_ORDER = tuple(Severity)
MOST = 5000
"""The most findings that are told of one payload; as many as code scanning shows."""
MOST_FINDINGS = "anakinra-cds_1@most-findings"
"""The requirement under which it is said that not all was checked."""


@dataclass(frozen=True, slots=True)
class Report:
    """``kind`` is request, response, discovery, feedback, card, or unknown; findings in the order of the document."""

    kind: str
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is wrong beyond doubt: a valid payload has none."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    def count(self, severity: Severity) -> int:
        return sum(each.severity is severity for each in self.findings)

    def as_json(self) -> str:
        """The report as ``--format json`` and POST /validate give it; ASCII, whatever the payload's names are."""
        findings = [{name: getattr(each, name) for name in _MEMBERS} for each in self.findings]
        return json.dumps({"findings": findings}, indent=2)


def in_document_order(findings: Iterable[Finding], text: str) -> tuple[Finding, ...]:
    """``findings`` with their lines and columns in ``text``, and sorted by them; at one place the worst first."""
    found = _worst(list(findings))
    if not found:
        return ()
    places = locate(text, (each.pointer for each in found))
    indexed = [
        (places[each.pointer].name if isinstance(each, OfName) else places[each.pointer].value, each) for each in found
    ]
    indexed.sort(key=lambda pair: (pair[0], _severity(pair[1])))
    lines = [0, *(match.end() for match in _LINE_END.finditer(text))]
    return tuple(placed(each, *_line_and_column(lines, index)) for index, each in indexed)


def _worst(found: list[Finding]) -> list[Finding]:
    """All of them; of more than ``MOST`` the worst, and a word that there are more. What was not checked stays said."""
    if len(found) <= MOST:
        return found
    stops = [each for each in found if each.requirement == MOST_FINDINGS]
    worst = sorted((each for each in found if each.requirement != MOST_FINDINGS), key=_severity)[:MOST]
    message = f"Checking stopped: there is more to find than these {MOST}."
    return [*worst, *stops, Node(None).hint(MOST_FINDINGS, message, "Mend these, and validate again.")]


def _severity(finding: Finding) -> int:
    return _ORDER.index(finding.severity)


def _line_and_column(lines: list[int], index: int) -> tuple[int, int]:
    """``lines`` holds where each line begins."""
    line = bisect_right(lines, index)
    return line, index - lines[line - 1] + 1
