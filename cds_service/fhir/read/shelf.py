"""The Medication resources at hand, by every reference that may point to them, and the references that still miss one.

They come as entries of the medications Bundle (``_include``), of the draft orders, or were read one by one.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import zip_longest

from cds_service.clinical.record import Completeness
from cds_service.codes import drugs
from cds_service.codes.prefetch_keys import MEDICATIONS
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.bundles import Hit, Json, Reader
from cds_service.fhir.read.chosen import content_of
from cds_service.fhir.read.identity import Medications, referenced_medication
from cds_service.fhir.read.ledger import Ledger
from cds_service.fhir.read.medications import can_count
from cds_service.fhir.read.references import target_of
from cds_service.fhir.read.repeated_names import repeats_a_name
from cds_service.fhir.resources import AnyMedication, Medication, OfMedication

ABOUT_MEDICATION: Reader[AnyMedication] = Reader(
    AnyMedication, "MedicationRequest", "MedicationAdministration", "MedicationStatement", "Medication"
)
DRAFT_ORDERS = "draftOrders"


def shelve(hits: Iterable[Hit[AnyMedication]], extra: Medications) -> dict[str, Medication]:
    """The Medications among the hits, by fullUrl and by "Medication/id", and those that were read before.

    Where two of one name say different things and were not read anew, neither is here: nobody knows which drug it is.
    """
    found: dict[str, dict[Hashable, Medication]] = {}
    for hit in hits:
        if isinstance(hit.resource, Medication):
            for name in (hit.full_url or hit.source, hit.source):
                found.setdefault(name, {}).setdefault(content_of(hit.resource), hit.resource)
    single = {name: medication for name, ways in found.items() if len(ways) == 1 for medication in ways.values()}
    return {**single, **extra}


def shelf_of(keys: Mapping[str, KeyData], draft_orders: Json | None, extra: Medications) -> dict[str, Medication]:
    """The same from the pages themselves; pages without a Medication are not decoded.

    A Medication that repeats a name is not at hand: it could be either of two drugs.
    """
    hits = (hit for data in _sheets(keys, draft_orders, b'"Medication"') for hit in _hits(data))
    return shelve((hit for hit in hits if not (_is_medication(hit) and repeats_a_name(hit.original))), extra)


def _is_medication(hit: Hit[AnyMedication]) -> bool:
    return isinstance(hit.resource, Medication)


def unresolved_references(
    keys: Mapping[str, KeyData], draft_orders: Json | None = None, extra: Medications | None = None
) -> tuple[str, ...]:
    """References to Medications that are not at hand and could be read, as sent, each once.

    Only of requests that can count and of drafts; neither ``#id`` nor ``urn:uuid:``, which nobody can read. First
    those without a display text, then those whose display names a drug of interest: a caller with little time
    reads from the front.
    """
    waiting: dict[str, int] = {}
    shelf: dict[str, Medication] | None = None
    for data in _sheets(keys, draft_orders, b'"medicationReference"'):
        for hit in _hits(data):
            resource = hit.resource
            if isinstance(resource, Medication) or (data.key == MEDICATIONS and not can_count(resource)):
                continue
            shelf = shelf_of(keys, draft_orders, extra or {}) if shelf is None else shelf
            reference = _readable_reference(resource)
            if reference and referenced_medication(resource, shelf) is None:
                waiting[reference] = min(_urgency(resource), waiting.get(reference, 9))
    return tuple(sorted(waiting, key=waiting.__getitem__))


def _sheets(keys: Mapping[str, KeyData], draft_orders: Json | None, mark: bytes) -> Iterator[KeyData]:
    """The medications key and the draft orders, with only those pages that contain the mark."""
    medications = keys.get(MEDICATIONS)
    sheets = [] if medications is None else [medications]
    if draft_orders is not None:
        sheets.append(KeyData(DRAFT_ORDERS, "satisfied", (draft_orders,)))
    for sheet in sheets:
        both = zip_longest(sheet.pages, sheet.typed)
        marked = [(page, typed) for page, typed in both if mark in bytes(page)]
        if marked:
            pages, typed_pages = zip(*marked, strict=True)
            yield KeyData(sheet.key, "satisfied", pages, typed=typed_pages)


def _hits(data: KeyData) -> Iterator[Hit[AnyMedication]]:
    return ABOUT_MEDICATION.hits(data, Ledger(data.key, Completeness()))


def _readable_reference(resource: OfMedication) -> str:
    """A relative or absolute reference to a Medication; empty for any other."""
    reference = resource.medication_reference.reference if resource.medication_reference else None
    if not reference or reference.startswith(("#", "urn:")) or resource.medication_codeable_concept is not None:
        return ""
    return reference if target_of(reference).type == "Medication" else ""


def _urgency(resource: OfMedication) -> int:
    display = resource.medication_reference.display if resource.medication_reference else None
    if not display:
        return 0
    return 1 if drugs.by_name(display) else 2
