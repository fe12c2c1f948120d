"""Reading what references point to: the Medication that a request names only by ``medicationReference`` (Epic does)."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from cds_service.fhir.access import Access
from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import FetchFailure, TimedOut
from cds_service.fhir.pages import read_single
from cds_service.fhir.paging import NO_SERVER
from cds_service.fhir.targets import Target, reference_target
from cds_service.fhir.urls import UrlRefused

MAX_REFERENCES = 20


class Referenced(NamedTuple):
    """The JSON of what one reference points to, or, where ``body`` is None, the reason why it could not be had."""

    body: bytes | None
    reason: str = ""


def read_many(
    references: Iterable[str], client: FhirClient, access: Access | None, limit: int = MAX_REFERENCES
) -> dict[str, Referenced]:
    """What each reference points to, read side by side before the deadline; at most ``limit`` are read.

    ``Medication/1``, ``Medication/1/_history/2`` (read in its current version) and absolute ones within the FHIR base
    are read; contained (``#id``), ``urn:uuid:`` and logical references cannot be, and say so.
    """
    wanted = list(dict.fromkeys(references))
    if access is None:
        return {reference: Referenced(None, NO_SERVER) for reference in wanted}
    targets: dict[str, Target] = {}
    answers: dict[str, Referenced] = {}
    for reference in wanted:
        try:
            targets[reference] = reference_target(access.base, reference)
        except UrlRefused as refused:
            answers[reference] = Referenced(None, f"the reference {refused.reason}")
    to_read = list(dict.fromkeys(targets.values()))
    found: dict[Target, Referenced] = {
        target: Referenced(None, f"more than {limit} references to read") for target in to_read[limit:]
    }
    jobs = [partial(_read_one, target, client, access, found) for target in to_read[:limit]]
    late = Referenced(None, TimedOut().reason)
    try:
        if jobs:
            client.side_by_side(jobs, access)
    except FetchFailure as failure:
        late = Referenced(None, failure.reason)
    return answers | {reference: found.get(target, late) for reference, target in targets.items()}


def _read_one(target: Target, client: FhirClient, access: Access, found: dict[Target, Referenced]) -> None:
    _, resource_type, resource_id = target.path.rsplit("/", 2)
    try:
        body = client.fetch(target, access)
        read_single(body, resource_type, resource_id)
        found[target] = Referenced(body)
    except FetchFailure as failure:
        found[target] = Referenced(None, failure.reason)
