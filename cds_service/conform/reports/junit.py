"""JUnit XML, as continuous integration reads it: a suite a group, a case a line."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

Json = dict[str, Any]


def junit(document: Json) -> str:
    """The XML. What counts for the exit code is a failure; other warnings and hints are told as output of a pass."""
    root = Element("testsuites", name=f"{document['tool']['name']} {document['target']['base']}")
    failing = {"fail", "warning"} if document["strict"] else {"fail"}
    for group in document["groups"]:
        lines = group["lines"]
        suite = SubElement(
            root,
            "testsuite",
            name=group["name"],
            tests=str(len(lines)),
            failures=str(sum(each["outcome"] in failing for each in lines)),
            errors="0",
            skipped=str(sum(each["outcome"] == "not tested" for each in lines)),
            timestamp=document["started"],
        )
        for line in lines:
            _case(suite, group["name"], line, failing)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "unicode") + "\n"


def _case(suite: Element, group: str, line: Json, failing: set[str]) -> None:
    name = f"{line['title']} ({line['requirement']})"
    case = SubElement(suite, "testcase", classname=f"conform.{group}", name=name)
    about = f"{line['verb']}: {line['text']}\n{line['url']}"
    if line["outcome"] in failing:
        SubElement(case, "failure", message=line["reason"], type=line["verb"]).text = f"{line['reason']}\n\n{about}"
    elif line["outcome"] == "not tested":
        SubElement(case, "skipped", message=line["reason"])
    elif line["reason"]:
        SubElement(case, "system-out").text = f"{line['outcome']}: {line['reason']}\n{about}"
