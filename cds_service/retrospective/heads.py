"""As much of a line as it takes to know of what type it is and whose: all else is passed over, unread.

A line of a large export costs a microsecond this way, and still has to be JSON to its end.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import TypeVar

import msgspec
from msgspec import Raw

from cds_service.fhir.elements import ABSENT, BareReference, Element
from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.fhir.read.references import target_of
from cds_service.retrospective.lines import Block


class Head(Element):
    resource_type: str | None = None
    subject: BareReference | None = None


class OrderHead(Head):
    """Of a MedicationRequest also what says which drug it is of, as sent."""

    medication_codeable_concept: Raw = ABSENT
    medication_reference: Raw = ABSENT
    contained: Raw = ABSENT


AnyHead = TypeVar("AnyHead", bound=Head)
HEAD = msgspec.json.Decoder(Head)
ORDER_HEAD = msgspec.json.Decoder(OrderHead)


def heads_of(block: Block, decoder: msgspec.json.Decoder[AnyHead]) -> list[AnyHead]:
    """The heads of all lines; none where one of the lines is blank or cannot be read, and each needs a look."""
    try:
        heads = decoder.decode_lines(block.text)
    except UNREADABLE:
        return []
    return heads if len(heads) == len(block.ends) else []


def readable_heads(block: Block, decoder: msgspec.json.Decoder[AnyHead]) -> Iterator[tuple[int, AnyHead]]:
    """The heads of those lines that can be read, with their place in the block."""
    if heads := heads_of(block, decoder):
        yield from enumerate(heads)
        return
    for place, line in enumerate(block.lines()):
        with suppress(*UNREADABLE):
            yield place, decoder.decode(line)


def patient_of(subject: BareReference | None) -> str | None:
    """The id of the patient a resource is about; "" if it is about something else, None if nobody can tell."""
    reference = subject.reference if subject else None
    if not reference or not reference.strip():
        return None
    target = target_of(reference)
    return target.id if target.type in ("Patient", "") else ""


def is_plain(reference: str | None) -> bool:
    """ "Patient/1", as nearly all are: then nothing but looking it up is to be done."""
    return reference is not None and reference.startswith("Patient/") and "/" not in reference[8:]
