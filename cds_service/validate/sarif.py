"""A report as SARIF 2.1.0, which code scanning and editors show at the lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from hashlib import sha256
from typing import Any

from cds_service.contract.requirements import requirement
from cds_service.validate.finding import Finding, Severity
from cds_service.validate.report import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def sarif(report: Report, uri: str, version: str) -> dict[str, Any]:
    """One run about one file; ``uri`` is the file's, relative to the repository where it has one."""
    ids = list(dict.fromkeys(each.requirement for each in report.findings))
    driver = {"name": "cds-service validate", "version": version, "rules": [_rule(each) for each in ids]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": uri}}],
        "results": [_result(each, ids.index(each.requirement), uri) for each in report.findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(identifier: str) -> dict[str, Any]:
    told = requirement(identifier)
    return {
        "id": told.id,
        "shortDescription": {"text": f"{told.verb} ({told.actor})"},
        "fullDescription": {"text": told.text},
        "help": {"text": f"{told.text} See {told.url}"},
        "helpUri": told.url,
    }


def _result(finding: Finding, rule: int, uri: str) -> dict[str, Any]:
    place = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "index": 0},
            "region": {"startLine": finding.line, "startColumn": finding.column},
        },
        "logicalLocations": [{"fullyQualifiedName": finding.pointer, "kind": "member"}],
    }
    named = f"{finding.requirement} {finding.pointer} {finding.message}".encode(errors="replace")
    return {
        "ruleId": finding.requirement,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.fix}"},
        "locations": [place],
        # Lets code scanning know a finding again after lines have moved.
        "partialFingerprints": {"requirementAndPointer/v1": sha256(named).hexdigest()[:32]},
    }
