"""The validator itself: reads a payload, gathers what schema and rules say of it, tells each fault once."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeVar

from cds_service.contract.schemas import schema
from cds_service.validate.finding import Finding, Severity
from cds_service.validate.kinds import AUTO, KINDS, UNKNOWN, kind_by_members, why_unknown
from cds_service.validate.node import Node
from cds_service.validate.readings import readings
from cds_service.validate.report import MOST, Report, in_document_order
from cds_service.validate.rules.by_kind import rules_of
from cds_service.validate.rules.cards import DELETE_BY_STRING
from cds_service.validate.rules.empties import empty_members
from cds_service.validate.rules.spelling import misspelt, with_spelling
from cds_service.validate.rules.urls import tokens_at_home
from cds_service.validate.schema_findings import is_required, schema_findings
from cds_service.validate.text import Text, read
from cds_service.validate.words import either

_T = TypeVar("_T")


def validate(body: bytes, kind: str = AUTO, *, request: bytes | None = None, profile: str = "2.0") -> Report:
    """Everything that is wrong with ``body``, a payload of CDS Hooks.

    ``kind`` is request, response, discovery, feedback or card; auto tells it by the members. ``request`` is the hook
    request that a response answers: then its actions are compared with it. ``profile`` is 2.0, 3.0-ballot or crd.

    Raises Unreadable (one line, with line and column) if ``body``, or ``request``, is no JSON at all, and ValueError
    for a kind or a profile that there is none of.
    """
    if kind not in (AUTO, *KINDS):
        raise ValueError(f"kind must be {AUTO} or one of {', '.join(KINDS)}")
    text = read(body)
    asked = Node(read(request, "The request").value) if request is not None else None
    kind = kind_by_members(text.value) if kind == AUTO else kind
    read_wrong = _some(readings(text))
    found = _of_no_kind(text) if kind == UNKNOWN else _of_kind(kind, text, profile, asked, MOST - len(read_wrong))
    return Report(kind, in_document_order(_once(read_wrong, found), text.text))


def _of_no_kind(text: Text) -> Iterator[Finding]:
    fix = f"Say which kind it is meant to be: {either(KINDS)}."
    yield Node(text.value).error("anakinra-cds_1@kind", why_unknown(text.value), fix)


def _of_kind(kind: str, text: Text, profile: str, asked: Node | None, most: int) -> Iterable[Finding]:
    """``most`` is how many more findings are told; once the schema alone gives more, the rules are not tried."""
    whole = Node(text.value)
    hook = whole["hook"].text if kind == "request" else ""
    shape = schema(kind, profile, hook)
    broken = _some(schema_findings(whole, kind, profile, hook), most)
    if len(broken) > most:
        return broken
    ruled = _some(rules_of(kind, whole, profile, asked), most)
    # A string where a delete's resource stood in version 1 is told by its rule; that it is no object, is not.
    better = {each.pointer for each in ruled if each.requirement == DELETE_BY_STRING}
    broken = [each for each in broken if each.pointer not in better]
    shaped = with_spelling(_shape_faults(whole, kind, shape, broken), _some(misspelt(whole, shape)))
    return chain(shaped, ruled, _some(tokens_at_home(whole, text.text)))


def _some(findings: Iterable[_T], most: int = MOST) -> list[_T]:
    """As many as anybody reads, and one that shows that there are more."""
    return list(islice(findings, max(most, 0) + 1))


def _shape_faults(whole: Node, kind: str, rules: dict[str, Any], broken: list[Finding]) -> Iterator[Finding]:
    """The findings of the schema (``rules``) and the null or empty members, each fault once.

    A required member that is empty is as good as missing, an empty object lacks its members, and a list that may be
    empty for a reason is a warning of the schema's: these say more than "is empty". Everywhere else that says more.
    """
    empty = {each.pointer: each for each in _some(empty_members(whole, kind))}
    told = {
        each.pointer
        for each in broken
        if each.severity is not Severity.ERROR or "is missing" in each.message or is_required(each.pointer, rules)
    }
    yield from (each for each in broken if each.pointer not in empty or each.pointer in told)
    yield from (each for pointer, each in empty.items() if pointer not in told)


def _once(json_findings: list[Finding], found: Iterable[Finding]) -> Iterator[Finding]:
    """What is wrong with the JSON of a value hides whatever else is wrong with it, and nothing is said twice."""
    yield from json_findings
    hidden = {each.pointer for each in json_findings if each.pointer}
    told = set[tuple[str, str, str]]()
    for each in found:
        same = (each.pointer, each.requirement, each.message)
        if each.pointer not in hidden and same not in told:
            told.add(same)
            yield each
