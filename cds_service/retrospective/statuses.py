"""What an order's status was at an earlier moment, as far as its own dates tell. An export has only today's.

https://hl7.org/fhir/R4/medicationrequest-definitions.html#MedicationRequest.status
"""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from msgspec import Raw

from cds_service.clinical.intervals import Ended, interval_of
from cds_service.clinical.record import DrugMatch, Matched
from cds_service.codes.systems import STATUS_CHANGED
from cds_service.fhir.elements import Extension
from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.read.medications import can_count, medication_of
from cds_service.fhir.read.repeated_names import repeats_a_name
from cds_service.fhir.resources import MedicationRequest

_REQUEST = msgspec.json.Decoder(MedicationRequest)
_MEMBERS = msgspec.json.Decoder(dict[str, Raw])
_EXTENSIONS = msgspec.json.Decoder(list[Raw] | None)
_EXTENSION = msgspec.json.Decoder(Extension)
_ANY_DRUG = DrugMatch("", Matched.CODE, "")
_LATEST = datetime(2199, 1, 1, tzinfo=UTC)


class Ending(NamedTuple):
    """When an order ended or was put on hold; None if nothing tells. ``stated``: not only by its last change."""

    at: datetime | None
    stated: bool

    def after(self, moment: datetime) -> bool:
        """Whether it may have run at ``moment``, whatever its status says today."""
        return self.at is None or self.at > moment

    def stated_after(self, moment: datetime) -> bool:
        """Whether its own dates say that it had not ended yet."""
        return self.stated and self.at is not None and self.at > moment


def ending_of(line: bytes, dates: Dates) -> Ending | None:
    """How the service itself reads the end of an order, all dates known; None of one that runs, or never counts."""
    try:
        order = _REQUEST.decode(line)
    except UNREADABLE:
        return None
    if not can_count(order):
        return None
    interval = interval_of(medication_of(order, _ANY_DRUG, "", dates), _LATEST)
    if interval is None or interval.ended is Ended.OPEN:
        return None
    return Ending(interval.end.at if interval.end else None, not interval.end_approximate)


def with_status(line: bytes, status: str) -> bytes:
    """The order in an earlier status: all else byte for byte, without what came with the later one.

    The same line where it cannot be taken apart, or has a name twice: the service will say so.
    """
    try:
        members = _MEMBERS.decode(line)
        extensions = _EXTENSIONS.decode(members.get("extension", Raw(b"null"))) or []
        kept = [each for each in extensions if _EXTENSION.decode(each).url != STATUS_CHANGED]
    except UNREADABLE:
        return line
    if repeats_a_name(line):
        return line
    members = {name: value for name, value in members.items() if name not in ("statusReason", "extension")}
    encode = msgspec.json.encode
    return encode(members | {"status": Raw(encode(status))} | ({"extension": kept} if kept else {}))
