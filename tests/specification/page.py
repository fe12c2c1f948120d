"""Write ``docs/conformance.md`` from the requirement matrix: ``python -m tests.specification.page``."""

import re
from collections.abc import Iterable

from cds_service.contract.requirements import Requirement
from tests.specification.matrix import ROOT, Row, binding, rows

PAGE = ROOT / "docs" / "conformance.md"
LONGEST = 160
_HEAD = """\
# What CDS Hooks asks of a service, and the test that holds us to it

Each SHALL and SHOULD of [CDS Hooks 2.0](https://cds-hooks.hl7.org/2.0/) and of the
[hook library](https://cds-hooks.hl7.org/hooks/STU1/) that binds a service: {rows} rows, {tested} with a test,
{untested} with the reason why there is none. The ids are those of the Inferno CRD test kit; the texts are shortened.

`test_with_prefetch` runs every patient story and holds each answer against [the validator](validator.md), which is
itself held to [a corpus of payloads](../fhir_fixtures/payloads/README.md): for each requirement that rests on it there
is a payload that breaks it. Whether another service keeps these is told by `cds-service conform`.

This page is written from `tests/specification/requirements.csv` by `python -m tests.specification.page`. A test fails
where the two differ, where a row names a test that does not exist, and where it has neither a test nor a reason.

| requirement | | what it asks | tested by, or why not |
|---|---|---|---|
"""
_REPEATED = re.compile(
    r"^(?:Each CDS Service SHALL be described by the following attributes including: - "
    r"|When sending an? [\w.]+(?: object)?,? (?:and )?)"
)


def page() -> str:
    """The whole page."""
    found = rows()
    tested = sum(bool(row.tests) for row in found)
    head = _HEAD.format(rows=len(found), tested=tested, untested=len(found) - tested)
    asked = binding()
    return head + "".join(_line(row, asked[row.id]) for row in found)


def _line(row: Row, requirement: Requirement) -> str:
    covered = _tests(row.tests) if row.tests else row.reason
    return f"| [{row.id}]({requirement.url}) | {row.verb} | {_short(requirement.text)} | {covered} |\n"


def _tests(tests: Iterable[str]) -> str:
    return ", ".join(f"[`{name}`](../{file})" for file, _, name in (test.partition("::") for test in tests))


_ATTRIBUTE = re.compile(r"Field: (\w+) - optionality: (\w+) - type: (\w+) - description: ?(.*)")


def _short(text: str) -> str:
    """One line that says no more than it must, with what Markdown would take for markup made plain."""
    text = _REPEATED.sub("", " ".join(text.split()))
    text = text[:1].upper() + text[1:]
    text = _ATTRIBUTE.sub(r"\1, a \3, \2: \4", text).rstrip(" :")
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0] + " ..."
    return re.sub(r"([\\|<>*_\[\]`])", r"\\\1", text)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
