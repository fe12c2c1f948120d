"""No requirement without a test or a reason, no test that does not exist, and a page that says the same."""

import ast
from functools import cache

import pytest

from tests.conform.test_tokens import TOKEN_LINES
from tests.corpus import payloads
from tests.specification.matrix import ROOT, Row, binding, rows
from tests.specification.page import PAGE, page

ROWS = rows()
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)

BY_TOKENS = "tests/conform/test_tokens.py::test_our_own_service_in_production"
BY_THE_VALIDATOR = "tests/stories/test_stories.py::test_with_prefetch"
# The extracted set says some rules twice; a finding names the one or the other.
SAID_ALSO_AS = {
    "cds-hooks_2.0@16": "cds-hooks_2.0@10",
    "cds-hooks_2.0@87": "cds-hooks_2.0@88",
    "cds-hooks_2.0@96": "cds-hooks_2.0@93",
    "cds-hooks_2.0@136": "cds-hooks_2.0@100",
    "cds-hooks_2.0@141": "cds-hooks_2.0@142",
    "cds-hooks_2.0@146": "cds-hooks_2.0@147",
    "cds-hooks_2.0@218": "cds-hooks_2.0@216",
    "cds-hooks_2.0@219": "cds-hooks_2.0@100",
}
SEEN_OTHERWISE = {"cds-hooks_2.0@34"}
"""That a call with prefetch alone is answered is not seen in the members of the answer."""


def test_each_requirement_has_one_row() -> None:
    assert [row.id for row in ROWS] == list(binding())


@every_row
def test_a_row_has_tests_or_a_reason(row: Row) -> None:
    assert row.verb == binding()[row.id].verb
    assert bool(row.tests) != bool(row.reason)


@every_row
def test_its_tests_exist(row: Row) -> None:
    for test in row.tests:
        file, _, name = test.partition("::")
        assert name in _functions(file), test
    assert len(set(row.tests)) == len(row.tests)


def test_the_corpus_breaks_what_the_validator_is_trusted_with() -> None:
    """The validator covers a requirement only if it finds it broken."""
    broken = {finding.requirement for payload in payloads() for finding in payload.findings}
    trusted = [row.id for row in ROWS if BY_THE_VALIDATOR in row.tests]
    assert [each for each in trusted if SAID_ALSO_AS.get(each, each) not in broken and each not in SEEN_OTHERWISE] == []


def test_what_a_conformance_run_tries_with_tokens_is_named() -> None:
    """Our own service has to pass each of these lines, so that the run is a test of the requirement."""
    assert {row.id for row in ROWS if BY_TOKENS in row.tests} == TOKEN_LINES & set(binding())


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.specification.page"


@cache
def _functions(file: str) -> frozenset[str]:
    """The test functions of a file."""
    body = ast.parse((ROOT / file).read_text("utf-8")).body
    return frozenset(each.name for each in body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_"))
