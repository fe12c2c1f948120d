"""SARIF 2.1.0, as code scanning reads it: what the standard requires of a run, its rules and its results."""

import json

from cds_service.validate import validate
from cds_service.validate.sarif import sarif
from tests.validate.payloads import card

BODY = json.dumps(card(summary="x" * 140, source={"label": "x"}, detail="<b>")).encode()


def test_a_run_says_which_rules_were_broken_where() -> None:
    report = validate(BODY)
    log = sarif(report, "a/response.json", "1.2")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (log["version"], driver["name"], driver["version"]) == ("2.1.0", "cds-service validate", "1.2")
    assert run["columnKind"] == "unicodeCodePoints"
    assert [each["level"] for each in run["results"]] == ["error", "note", "warning"]
    assert [each["ruleId"] for each in run["results"]] == [each.requirement for each in report.findings]
    for each, finding in zip(run["results"], report.findings, strict=True):
        assert driver["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
        place = each["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a/response.json"
        assert place["region"] == {"startLine": finding.line, "startColumn": finding.column}
        assert each["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == finding.pointer
        assert finding.message in each["message"]["text"]


def test_every_rule_links_to_its_requirement() -> None:
    for rule in sarif(validate(BODY), "x", "1")["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["helpUri"].startswith("https://")
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]


def test_a_finding_is_known_again_after_its_line_moved() -> None:
    def prints(body: bytes) -> list[str]:
        results = sarif(validate(body), "x", "1")["runs"][0]["results"]
        return [each["partialFingerprints"]["requirementAndPointer/v1"] for each in results]

    assert prints(BODY) == prints(b"\n\n" + BODY)
    assert len(set(prints(BODY))) == 3


def test_a_clean_payload_is_a_run_without_results() -> None:
    (run,) = sarif(validate(b'{"cards": []}'), "x", "1")["runs"]
    assert run["results"] == []
