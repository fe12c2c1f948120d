"""Every reason that the code can give is known where reasons are counted and kept: by kind, by lack, by our own words.

The reasons are found in the source, where they are made: in calls, assignments and returns. A new one fails here until
it has its kind (``fhir/reason_kinds.py``) or what it lacks (``clinical/lacks.py``), and its phrase
(``audit/known_words.py``).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cds_service
from cds_service.audit.known_words import OTHER as NO_PHRASE
from cds_service.audit.known_words import known_words
from cds_service.clinical import gaps, lacks
from cds_service.clinical.gaps import reason_of
from cds_service.clinical.record import Completeness, Extent
from cds_service.clinical.switched_off import SWITCHED_OFF
from cds_service.fhir import reason_kinds
from cds_service.fhir.failures import STATUS_MEANS, HttpStatus
from cds_service.fhir.urls import UrlRefused

PACKAGE = Path(cds_service.__file__).parent
OF_DATA = ("fhir/*.py", "fhir/read/*.py")
"""Where data are fetched and read."""

ONLY_BEFORE = {"in prefetch, 777", "not in prefetch, and 777"}
"""What another reason stands behind."""
GIVEN_TO = {"_of": 0, "gap": 0, "with_doubt": 0, "_unread": 1, "Completeness": 1, "cannot": 1, "NotAllowed": 0}
"""Calls that take a reason, and which of their arguments it is."""
ASSIGNED_TO = {"_trouble", "trouble", "UNREAD", "UNIDENTIFIED", "UNKNOWN_PATIENT", "NO_SERVER"}
RETURNED_BY = {"_reported", "_next_link", "_shortfall", "why_undated", "_place"}
ADDRESSES = {"urls.py", "addresses.py", "targets.py", "key_sets.py"}
"""Say why an address is refused; the reason then begins with what it is the address of."""


def text_of(node: ast.AST) -> str:
    """The text of a string or f-string; a value in it is written as 777."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "777" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return text_of(node.left) or text_of(node.right)
    return ""


def texts_in(node: ast.AST | None) -> Iterator[str]:
    """The texts of an expression: of a choice or a tuple, each; words that only stand inside another text not."""
    if node is None:
        return
    if text := text_of(node):
        yield text
    elif isinstance(node, ast.IfExp):
        yield from texts_in(node.body)
        yield from texts_in(node.orelse)
    elif isinstance(node, ast.BoolOp | ast.Tuple):
        for each in node.values if isinstance(node, ast.BoolOp) else node.elts:
            yield from texts_in(each)


def reasons_in(tree: ast.AST, failures: bool = False) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            at = 0 if failures and name == "__init__" else GIVEN_TO.get(name)
            if at is not None and len(node.args) > at:
                yield from texts_in(node.args[at])
        elif isinstance(node, ast.Assign):
            names = {getattr(each, "attr", None) or getattr(each, "id", "") for each in node.targets}
            if names & ASSIGNED_TO:
                yield from texts_in(node.value)
        elif isinstance(node, ast.FunctionDef) and node.name in RETURNED_BY:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return):
                    yield from texts_in(inner.value)


def reasons_of_data() -> list[str]:
    found = []
    for pattern in OF_DATA:
        for file in sorted(PACKAGE.glob(pattern)):
            if file.name not in ADDRESSES:
                tree = ast.parse(file.read_text(encoding="utf-8"))
                found += reasons_in(tree, failures=file.name == "failures.py")
    return [each for each in dict.fromkeys(found) if each not in ONLY_BEFORE]


def reasons_of_rules() -> list[str]:
    """What stands in ``not_evaluated(...)`` and, of MAS, in what it hands on; and what rows say that give way to NA."""
    found = []
    for file in sorted((PACKAGE / "clinical").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("not_evaluated", "MasPattern"):
                unknown = node.func.id == "not_evaluated" or getattr(node.args[0], "value", 0) is None  # type: ignore[attr-defined]
                found += [text for each in node.args if unknown for text in texts_in(each)]
    for key in ("neutrophils", "medications"):
        how = (Completeness(Extent.UNAVAILABLE), Completeness(Extent.PARTIAL, "x"), Completeness(foreign=1))
        found += [reason_of(key, each) for each in how]
    return [*dict.fromkeys(found), gaps.FOREIGN_DATA, SWITCHED_OFF]


DATA, RULES = reasons_of_data(), reasons_of_rules()


def test_the_reasons_are_found() -> None:
    for known in (
        "there are more than 777 pages",
        "a name occurs twice in 777",
        "came twice, with different content and no later version",
        "the FHIR server knows no Patient of this id",
        "{n} dose{s} given without a date that can be read",
        "an error was reported beside the results",
        "777 results were counted, but only 777 came, with no link to the others",
        "the FHIR server did not answer within the time allowed",
    ):
        assert known in DATA
    assert len(DATA) > 30
    assert len(RULES) > 20


@pytest.mark.parametrize("reason", DATA)
def test_a_reason_of_data_has_its_kind_and_its_words(reason: str) -> None:
    assert reason_kinds.kind_of(reason) != reason_kinds.OTHER
    assert known_words(reason) != NO_PHRASE


@pytest.mark.parametrize("reason", RULES)
def test_a_reason_of_a_rule_says_what_lacked_and_has_its_words(reason: str) -> None:
    assert lacks.lack_of(reason) != lacks.OTHER
    assert known_words(reason) != NO_PHRASE


@pytest.mark.parametrize("status", [*STATUS_MEANS, 302, 418, 500])
def test_a_status_has_its_kind_and_its_words(status: int) -> None:
    reason = HttpStatus(status).reason
    assert reason_kinds.kind_of(reason) != reason_kinds.OTHER
    assert f"HTTP {status}" in known_words(reason)


@pytest.mark.parametrize("before", ["its search ", "the link to the next page "])
def test_a_refused_address_is_told_by_what_it_is_the_address_of(before: str) -> None:
    reason = before + UrlRefused("leads to another server").reason
    assert reason_kinds.kind_of(reason) != reason_kinds.OTHER
    assert known_words(reason) != NO_PHRASE


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("could not be read: Observation/there-are-more-pages-answered-HTTP-500", "unreadable"),
        ("2 pages could not be read", "unreadable"),
        ("page 2: the FHIR server answered HTTP 503 (not available now)", "http-5xx"),
        ("there are more pages, and no fhirServer was given", "paging"),
        (
            "came twice, with different content and no later version: Observation/1; a name occurs twice in Patient/1",
            "came-twice",
        ),
        ("Canary Mueller 0.4", "other"),
        ("", "other"),
    ],
)
def test_the_first_reason_counts_and_no_name(reason: str, kind: str) -> None:
    assert reason_kinds.kind_of(reason) == kind
    assert kind in reason_kinds.KINDS


def test_kinds_and_lacks_are_few() -> None:
    assert len(reason_kinds.KINDS) < 40
    assert len(lacks.LACKS) < 15
