"""The validator's findings, as the page lists them beside the lines they are about."""

from typing import Any

from cds_service.contract.requirements import requirement
from cds_service.validate import Unreadable, validate
from cds_service.validate.finding import Finding, Severity

_JSON = "json_rfc8259@2"


def findings_of(text: str, kind: str, *, request: str = "", profile: str = "2.0") -> list[dict[str, Any]]:
    """Every finding about ``text``, in its order; one for what is no JSON at all."""
    try:
        found: list[dict[str, Any]] = report_of(text, kind, request=request, profile=profile)["findings"]
    except Unreadable as wrong:
        return [shown(Finding(Severity.ERROR, "", _JSON, wrong.message, "Send JSON.", wrong.line, wrong.column))]
    return found


def report_of(text: str, kind: str, *, request: str = "", profile: str = "2.0") -> dict[str, Any]:
    """The kind of payload that ``text`` was taken for, and the findings about it. Unreadable for what is no JSON."""
    report = validate(text.encode(), kind, request=request.encode() if request else None, profile=profile)
    return {"kind": report.kind, "findings": [shown(each) for each in report.findings]}


def shown(finding: Finding) -> dict[str, Any]:
    """One finding with the words and the address of the requirement behind it."""
    behind = requirement(finding.requirement)
    return {
        "severity": str(finding.severity),
        "pointer": finding.pointer,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "fix": finding.fix,
        "requirement": behind.id,
        "url": behind.url,
        "verb": behind.verb,
        "text": behind.text,
    }
