"""Which rules each kind of payload is judged by, beyond its schema."""

from collections.abc import Iterator
from datetime import UTC, datetime

from cds_service.validate.fhir.resource import resource_faults
from cds_service.validate.finding import Finding, Severity
from cds_service.validate.node import Node
from cds_service.validate.rules import cards, details, discovery, feedback, requests, targets, urls
from cds_service.validate.rules.empties import is_empty


def rules_of(kind: str, whole: Node, profile: str, asked: Node | None) -> Iterator[Finding]:
    """What the rules for ``kind`` say of ``whole``; ``asked`` is the request that a response answers."""
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
