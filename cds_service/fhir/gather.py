"""Prefetch values, and what must be fetched beside them, to the data of each key: side by side, one deadline.

Each state of a prefetch key has one treatment: absent is fetched; null and an empty Bundle are known to be empty; an
OperationOutcome means that the client tried and failed, so it is not asked again; a first page is followed; anything
else (HTML, a string, another resource) is unusable. https://cds-hooks.hl7.org/2.0/#prefetch-template
"""

from collections.abc import Mapping
from functools import partial

import msgspec

from cds_service.fhir.access import Access
from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import FetchFailure, OutcomeInstead
from cds_service.fhir.keydata import KeyData, State
from cds_service.fhir.pages import Page, read_page, read_single
from cds_service.fhir.paging import NO_SERVER, Run
from cds_service.fhir.targets import Target, plan_target
from cds_service.fhir.urls import UrlRefused

Held = Mapping[str, bytes | msgspec.Raw | None]


def gather(held: Held, plan: Mapping[str, str], client: FhirClient, access: Access | None) -> dict[str, KeyData]:
    """The data of each key of ``plan``, in its order.

    ``held`` is the request's prefetch: a missing key is absent, None (or JSON ``null``) is null, else the raw JSON.
    ``plan`` maps each key to its filled template (``Patient/1``, ``Observation?patient=1&code=...``).
    ``access`` is None where the request named no ``fhirServer``: then nothing is fetched.
    Never raises for what the server does, and returns at the deadline at the latest.
    """
    runs = [_first_look(key, filled, held, access) for key, filled in plan.items()]
    waiting = [run for run in runs if run.goes_on]
    if access is not None and waiting:
        for run in waiting:
            run.begin()
        try:
            client.side_by_side([partial(run.read_on, client, access) for run in waiting], access)
        except FetchFailure as failure:
            for run in waiting:
                run.give_up(failure)
    return {run.key: run.so_far() for run in runs}


def _first_look(key: str, filled: str, held: Held, access: Access | None) -> Run:
    """What prefetch held for this key, and whether there is something to fetch."""
    what, searches, _ = filled.partition("?")
    resource_type, _, resource_id = what.partition("/")
    at, problem = _place(filled, access)
    single = partial(read_single, resource_type=resource_type, resource_id=resource_id)
    run = Run(key, at, partial(read_page, key=key) if searches else single)
    if key not in held:
        run.fetch_all()
        if not run.goes_on:
            run.cannot("absent", problem)
        return run
    value = held[key]
    if value is None or _is_null(value):
        run.came("null")
    else:
        _judge(run, value, "" if searches else resource_type)
    return run


def _place(filled: str, access: Access | None) -> tuple[Target | None, str]:
    """Where this key is searched or read; without a place, why there is none."""
    if access is None:
        return None, f"not in prefetch, and {NO_SERVER}"
    try:
        return plan_target(access.base, filled), ""
    except UrlRefused as refused:
        return None, f"its search {refused.reason}"


def _is_null(value: bytes | msgspec.Raw) -> bool:
    return len(memoryview(value)) < 16 and bytes(value).strip() == b"null"


def _judge(run: Run, value: bytes | msgspec.Raw, single_type: str) -> None:
    try:
        page = read_single(value, single_type) if single_type else read_page(value, run.key, sent_by_client=True)
    except OutcomeInstead as failure:
        run.cannot("outcome", f"in prefetch, {failure.reason}")
    except FetchFailure as failure:
        run.cannot("unusable", f"in prefetch, {failure.reason}")
    else:
        run.came(_state(page), value, page)


def _state(page: Page) -> State:
    if page.next_link or len(page.hits) < page.total:
        return "paged"
    if page.holds_data:
        return "satisfied"
    return "outcome" if page.trouble else "empty"
