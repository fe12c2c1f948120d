"""The draft orders of a hook call: which drug each proposes, whether it is selected, and what it would end.

Lenient as clients require: the sandbox's Bundle has neither ``type`` nor ``fullUrl``, and its first call names no
medication; Epic-like clients send ``urn:uuid:`` and very long ids. https://cds-hooks.hl7.org/hooks/order-select/
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from cds_service.clinical.record import Draft
from cds_service.fhir.bundle import Outline, RawEntry
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.bundles import UNREADABLE, Json, raw_entries
from cds_service.fhir.read.identity import Medications, identify
from cds_service.fhir.read.references import Subject, Whose, target_of
from cds_service.fhir.read.shelf import DRAFT_ORDERS, shelf_of
from cds_service.fhir.resources import MedicationRequest

MOST_DRAFTS = 500
"""Entries of ``draftOrders``: no session of a prescriber holds as many."""

_ENDED = frozenset({"stopped", "on-hold", "cancelled", "completed", "entered-in-error", "ended"})
_REQUEST = msgspec.json.Decoder(MedicationRequest)
_OUTLINE = msgspec.json.Decoder(Outline)


class _Desk(NamedTuple):
    """What every draft is read against."""

    subject: Subject
    medications: Medications
    selected: frozenset[str] | None


def read_drafts(
    draft_orders: Json | None,
    selections: Sequence[str] | None,
    patient_id: str,
    *,
    keys: Mapping[str, KeyData] | None = None,
    extra_medications: Medications | None = None,
) -> tuple[Draft, ...]:
    """The drafts of ``draftOrders`` in their order. ``selections`` is None for a hook without them: all are selected.

    Medications are looked for in the draft Bundle, in the pages of ``keys`` and in ``extra_medications``. A draft that
    cannot be read, or whose medication cannot be told, says so in ``unidentified``. Never raises.
    """
    if draft_orders is None:
        return ()
    try:
        entries = raw_entries(draft_orders)
    except UNREADABLE:
        return (Draft(DRAFT_ORDERS, None, unidentified="the draft orders could not be read"),)
    if len(entries) > MOST_DRAFTS:
        return (Draft(DRAFT_ORDERS, None, unidentified=f"there are more than {MOST_DRAFTS} draft orders"),)
    medications = shelf_of(keys or {}, draft_orders, extra_medications or {})
    desk = _Desk(Subject(patient_id), medications, None if selections is None else _spellings(selections))
    drafts = (_draft(entry, place, desk) for place, entry in enumerate(entries, 1))
    return tuple(draft for draft in drafts if draft is not None)


def _draft(entry: RawEntry, place: int, desk: _Desk) -> Draft | None:
    """One entry as a draft; None for what is no order: a Medication, an entry without a resource."""
    original = bytes(entry.resource)
    if original in (b"", b"null"):
        return None
    try:
        outline = _OUTLINE.decode(original)
    except UNREADABLE:
        return Draft(f"entry {place} of draftOrders", None, unidentified="the order could not be read")
    type_ = outline.resource_type or "Resource"
    if type_ == "Medication":
        return None
    source = f"{type_}/{outline.id}" if outline.id else entry.full_url or f"{type_} (entry {place} of draftOrders)"
    selected = desk.selected is None or not desk.selected.isdisjoint((source, entry.full_url, outline.id))
    if type_ != "MedicationRequest":
        return Draft(source, None, selected=selected, original=original)
    try:
        request = _REQUEST.decode(original)
    except UNREADABLE:
        return Draft(source, None, selected=selected, unidentified="the order could not be read", original=original)
    return _request(request, Draft(source, None, selected=selected, original=original), desk)


def _request(request: MedicationRequest, draft: Draft, desk: _Desk) -> Draft:
    identity = identify(request, desk.medications)
    mentioned = request.medication_codeable_concept is not None or request.medication_reference is not None
    return Draft(
        source=draft.source,
        drug=identity.drug,
        selected=draft.selected,
        ends=request.status in _ENDED or bool(request.do_not_perform),
        foreign=desk.subject.whose(request.subject) is Whose.OTHER,
        unidentified="an ordered drug could not be identified" if mentioned and not identity.named else "",
        original=draft.original,
    )


def _spellings(selections: Sequence[str]) -> frozenset[str]:
    """Each selection as sent and as "Type/id": some clients send absolute references or versions."""
    return frozenset(selections) | {target_of(selection).relative for selection in selections}
