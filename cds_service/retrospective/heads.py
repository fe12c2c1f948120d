"""As much of a line as it takes to know whose it is and of what: all else is passed over, unread.

A line of a large export costs a microsecond this way, and still has to be JSON to its end.
"""

import msgspec
from msgspec import Raw

from cds_service.fhir.elements import ABSENT, BareReference, Element
from cds_service.fhir.read.references import target_of


class Head(Element):
    resource_type: str | None = None
    id: str | None = None
    subject: BareReference | None = None


class OrderHead(Head):
    """Of a MedicationRequest also what says which drug it is of, as sent."""

    medication_codeable_concept: Raw = ABSENT
    medication_reference: Raw = ABSENT
    contained: Raw = ABSENT


HEAD = msgspec.json.Decoder(Head)
ORDER_HEAD = msgspec.json.Decoder(OrderHead)


def patient_of(subject: BareReference | None) -> str | None:
    """The id of the patient a resource is about; "" if it is about something else, None if nobody can tell."""
    reference = subject.reference if subject else None
    if not reference or not reference.strip():
        return None
    target = target_of(reference)
    return target.id if target.type in ("Patient", "") else ""
