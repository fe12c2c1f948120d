"""The validator itself: reads a payload, gathers what every rule says of it, tells each fault once."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from cds_service.contract.schemas import schema
from cds_service.validate.fhir.resource import resource_faults
from cds_service.validate.finding import Finding, Severity
from cds_service.validate.kinds import AUTO, KINDS, UNKNOWN, kind_by_members, why_unknown
from cds_service.validate.node import Node
from cds_service.validate.readings import readings
from cds_service.validate.report import Report, in_document_order
from cds_service.validate.rules import cards, details, discovery, feedback, requests, targets, urls
from cds_service.validate.rules.empties import empty_members, is_empty
from cds_service.validate.rules.spelling import misspelt, with_spelling
from cds_service.validate.schema_findings import is_required, schema_findings
from cds_service.validate.text import read
from cds_service.validate.words import either


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
    asked = Node(read(request).value) if request is not None else None
    kind = kind_by_members(text.value) if kind == AUTO else kind
    whole = Node(text.value)
    json_findings = list(readings(text))
    if kind == UNKNOWN:
        fix = f"Say which kind it is meant to be: {either(KINDS)}."
        found: Iterable[Finding] = [whole.error("anakinra-cds_1@kind", why_unknown(text.value), fix)]
    else:
        hook = whole["hook"].text if kind == "request" else ""
        shape = schema(kind, profile, hook)
        ruled = list(_rules(whole, kind, profile, asked))
        # A string where a delete's resource stood in version 1 is told by its rule; that it is no object, is not.
        better = {each.pointer for each in ruled if each.requirement == cards.DELETE_BY_STRING}
        broken = [each for each in schema_findings(whole, kind, profile, hook) if each.pointer not in better]
        shaped = with_spelling(_shape_faults(whole, kind, shape, broken), misspelt(whole, shape))
        found = chain(shaped, ruled, urls.tokens_at_home(whole, text.text))
    return Report(kind, in_document_order(_once(json_findings, found), text.text))


def _shape_faults(whole: Node, kind: str, rules: dict[str, Any], broken: list[Finding]) -> Iterator[Finding]:
    """The findings of the schema (``rules``) and the null or empty members, each fault once.

    A required member that is empty is as good as missing, an empty object lacks its members, and a list that may be
    empty for a reason is a warning of the schema's: these say more than "is empty". Everywhere else that says more.
    """
    empty = {each.pointer: each for each in empty_members(whole, kind)}
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


def _rules(whole: Node, kind: str, profile: str, asked: Node | None) -> Iterator[Finding]:
    if kind == "request":
        yield from _request_rules(whole)
    elif kind == "discovery":
        services = whole["services"].objects
        yield from discovery.services_differ(services)
        for service in services:
            yield from discovery.templates_can_run(service, profile)
    elif kind == "feedback":
        for entry in whole["feedback"].objects:
            yield from feedback.outcome_fits(entry)
            yield from feedback.is_not_of_the_future(entry, datetime.now(UTC))
    else:
        yield from _response_rules(whole, kind, profile, asked)


def _request_rules(whole: Node) -> Iterator[Finding]:
    for rule in (
        requests.context_of_other_hooks,
        requests.selections_are_drafts,
        requests.drafts_are_drafts,
        requests.resources_are_of_the_patient,
        requests.prefetch_is_whole,
        requests.token_is_fit,
    ):
        yield from rule(whole)
    yield from urls.url_is_safe(whole["fhirServer"])
    resources = [value for _, value in whole["prefetch"].members]
    context = [value for _, value in whole["context"].members]
    tasks = whole["context"]["fulfillmentTasks"].objects
    for resource in (*context, *tasks, *resources):
        if not is_empty(resource.value):
            yield from resource_faults(resource, Severity.HINT)


def _response_rules(whole: Node, kind: str, profile: str, asked: Node | None) -> Iterator[Finding]:
    shown = [whole] if kind == "card" else whole["cards"].objects
    yield from cards.all_uuids_differ(shown)
    yield from cards.advises_only(whole)
    for card in shown:
        yield from cards.behaviour_needs_suggestions(card)
        yield from cards.topic_is_told(card, profile)
        yield from cards.texts_are_plain(card)
        yield from details.detail_reads_well(card)
        yield from urls.urls_of_card(card)
    actions = list(cards.actions_of(whole))
    for action in actions:
        yield from cards.action_names_its_resource(action)
        if action["resource"].is_object:
            yield from resource_faults(action["resource"], Severity.ERROR)
    if asked is not None:
        yield from targets.targets_exist(actions, asked)
        yield from targets.suggestions_are_for_the_patient(actions, asked)
