"""The draft orders of a hook call: which drug each proposes, whether it is selected, and what it would end.

Lenient as clients require: the sandbox's Bundle has neither ``type`` nor ``fullUrl``, and its first call names no
medication; Epic-like clients send ``urn:uuid:`` and very long ids. https://cds-hooks.hl7.org/hooks/order-select/
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec

from cds_service.clinical.record import Draft
from cds_service.codes.resource_types import RESOURCE_TYPES
from cds_service.fhir.bundle import Outline, RawEntry
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.bundles import UNREADABLE, Json, raw_entries
from cds_service.fhir.read.identity import Medications, identify
from cds_service.fhir.read.references import Subject, Whose, target_of
from cds_service.fhir.read.repeated_names import repeats_a_name
from cds_service.fhir.read.shelf import DRAFT_ORDERS, shelf_of
from cds_service.fhir.resources import MedicationRequest

MOST_DRAFTS = 500
"""Entries of ``draftOrders``: no session of a prescriber holds as many."""

_ENDED = frozenset({"stopped", "on-hold", "cancelled", "completed", "entered-in-error", "ended"})
UNREAD = "the order could not be read"
UNIDENTIFIED = "an ordered drug could not be identified"
_NAMES_A_DRUG = re.compile(rb'"medication\w*"\s*:', re.IGNORECASE)
"""A member that says which drug, in R4 (``medicationCodeableConcept``), in R5 (``medication``) or misspelt.

The public sandbox's first call has none of them, and orders nothing yet.
"""
_REQUEST = msgspec.json.Decoder(MedicationRequest)
_OUTLINE = msgspec.json.Decoder(Outline)


class _Desk(NamedTuple):
    """What every draft is read against; ``met`` are the selections that were found to name an entry."""

    subject: Subject
    medications: Medications
    selected: frozenset[str] | None
    met: set[str]


def read_drafts(
    draft_orders: Json | None,
    selections: Sequence[str] | None,
    patient_id: str,
    *,
    keys: Mapping[str, KeyData] | None = None,
    extra_medications: Medications | None = None,
) -> tuple[Draft, ...]:
    """The drafts of ``draftOrders`` in their order. ``selections`` is None for a hook without them: all are selected.

    Selections of which one points to no entry are a client's slip: passing over the order it meant would look like an
    all-clear, so all count as selected. Medications are looked for in the draft Bundle, in the pages of ``keys`` and in
    ``extra_medications``. A draft that cannot be read, or whose medication cannot be told, says so in ``unidentified``.
    Never raises.
    """
    if draft_orders is None:
        return ()
    try:
        entries = raw_entries(draft_orders)
    except UNREADABLE:
        return (_unread(DRAFT_ORDERS, "the draft orders could not be read"),)
    if len(entries) > MOST_DRAFTS:
        return (_unread(DRAFT_ORDERS, f"there are more than {MOST_DRAFTS} draft orders"),)
    medications = shelf_of(keys or {}, draft_orders, extra_medications or {})
    desk = _Desk(Subject(patient_id), medications, None if selections is None else _spellings(selections), set())
    drafts = [draft for place, entry in enumerate(entries, 1) if (draft := _draft(entry, place, desk)) is not None]
    if any(_spellings([each]).isdisjoint(desk.met) for each in selections or ()):
        drafts = [replace(draft, selected=True) for draft in drafts]
    if repeats_a_name(draft_orders):
        drafts.append(_unread(DRAFT_ORDERS, "a name occurs twice in the draft orders"))
    return tuple(drafts)


def _unread(source: str, why: str) -> Draft:
    return Draft(source, None, unidentified=why)


def _draft(entry: RawEntry, place: int, desk: _Desk) -> Draft | None:
    """One entry as a draft; None for a Medication, which is what an order is of."""
    original = bytes(entry.resource)
    try:
        outline = _OUTLINE.decode(original)
    except UNREADABLE:
        return _unread(f"entry {place} of draftOrders", UNREAD)
    type_ = outline.resource_type or "Resource"
    source = f"{type_}/{outline.id}" if outline.id else entry.full_url or f"{type_} (entry {place} of draftOrders)"
    named = (desk.selected or frozenset()).intersection((source, entry.full_url, outline.id))
    desk.met.update(named)
    if type_ == "Medication":
        return None
    draft = Draft(source, None, selected=desk.selected is None or bool(named), original=original)
    if type_ != "MedicationRequest":
        known = type_ in RESOURCE_TYPES and not _NAMES_A_DRUG.search(original)
        return draft if known else replace(draft, unidentified=UNREAD)
    try:
        return _request(_REQUEST.decode(original), draft, desk)
    except UNREADABLE:
        return replace(draft, unidentified=UNREAD)


def _request(request: MedicationRequest, draft: Draft, desk: _Desk) -> Draft:
    identity = identify(request, desk.medications)
    return replace(
        draft,
        drug=identity.drug,
        ends=request.status in _ENDED or bool(request.do_not_perform),
        foreign=desk.subject.whose(request.subject) is Whose.OTHER,
        unidentified="" if identity.named or not _NAMES_A_DRUG.search(draft.original) else UNIDENTIFIED,
    )


def _spellings(selections: Iterable[str]) -> frozenset[str]:
    """Each selection as sent and as "Type/id": some clients send absolute references or versions."""
    return frozenset(selections) | {target_of(selection).relative for selection in selections}
