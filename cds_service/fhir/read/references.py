"""References: whose resource it is, and what a reference names once its base and version are stripped.

Seen: ``Patient/1``, ``https://ehr.example.org/fhir/Patient/1``, ``Patient/1/_history/2``, ``urn:uuid:...``, ``#med``.
https://hl7.org/fhir/R4/references.html
"""

from enum import Enum
from typing import NamedTuple

from cds_service.fhir.elements import BareReference


class Target(NamedTuple):
    """What a reference points to; ``type`` is empty where the reference does not say (``urn:uuid:``, ``#id``)."""

    type: str
    id: str

    @property
    def relative(self) -> str:
        return f"{self.type}/{self.id}" if self.type else self.id


def target_of(reference: str) -> Target:
    """Type and id, without base, version or query."""
    plain = reference.strip().partition("?")[0].partition("/_history/")[0].rstrip("/")
    if plain.startswith("urn:"):
        return Target("", plain.rpartition(":")[2])
    before, _, id_ = plain.rpartition("/")
    return Target(before.rpartition("/")[2], id_)


class Whose(Enum):
    """Whose resource it is."""

    OWN = "the patient's"
    OTHER = "another patient's"
    UNSAID = "not said"


class Subject:
    """The patient a hook call is about; compares by id, since bases and versions differ between systems."""

    def __init__(self, patient_id: str) -> None:
        self.id = target_of(patient_id).id
        self.usual = f"Patient/{self.id}"

    def whose(self, subject: BareReference | None) -> Whose:
        """Whose a resource with this subject is. A subject known only by identifier or name says nothing."""
        reference = subject.reference if subject else None
        if not reference or not reference.strip():
            return Whose.UNSAID
        type_, id_ = target_of(reference)
        return Whose.OWN if id_ == self.id and type_ in ("Patient", "") else Whose.OTHER
