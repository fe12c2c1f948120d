"""Every SHALL and SHOULD on a service has a test that exists, or a reason."""

import ast
from functools import cache

import pytest

from tests.conformance.matrix import ROOT, Row, on_a_service, rows
from tests.conformance.page import PAGE, page


def test_every_requirement_on_a_service_has_one_row() -> None:
    assert [each.id for each in rows()] == list(on_a_service())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_row_has_tests_or_a_reason(row: Row) -> None:
    assert bool(row.tests) != bool(row.reason.strip()), "exactly one of the two"
    assert row.verb == on_a_service()[row.id].verb


@pytest.mark.parametrize("named", sorted({each for row in rows() for each in row.tests}))
def test_a_named_test_exists(named: str) -> None:
    file, _, function = named.partition("::")
    assert function.startswith("test_")
    assert function in _functions(file)


@cache
def _functions(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.conformance.page"
