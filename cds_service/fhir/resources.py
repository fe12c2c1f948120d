"""The part of FHIR R4 this service reads, typed: fields not named here are skipped, unread and unchecked.

Lenient on purpose where real clients bend the rules: every field may be missing or null, and fields that are often
malformed and never needed (``category``, ``identifier``, ``text``) are not read at all: the public CDS Hooks sandbox
sends ``category`` as an object. https://hl7.org/fhir/R4/resourcelist.html
"""

from typing import Generic, TypeVar

from msgspec import Raw

from cds_service.fhir.elements import (
    ABSENT,
    AdministrationDosage,
    CodeableConcept,
    DispenseRequest,
    Dosage,
    Element,
    Extension,
    Meta,
    Period,
    Quantity,
    Reference,
    ReferenceRange,
)


class Resource(Element):
    """What every resource has."""

    id: str | None = None
    meta: Meta | None = None


class Untagged(Resource):
    """A resource decoded whatever its type; ``resource_type`` is None where it was not sent."""

    resource_type: str | None = None


class Tagged(Resource):
    """A resource decoded by its type."""

    @property
    def resource_type(self) -> str:
        return type(self).__name__


class Measured(Untagged):
    """A value, as an Observation or one of its components carries it."""

    code: CodeableConcept | None = None
    value_quantity: Quantity | None = None
    value_string: Raw = ABSENT
    value_codeable_concept: Raw = ABSENT
    data_absent_reason: Raw = ABSENT
    reference_range: list[ReferenceRange] | None = None


class Component(Measured):
    pass


class Observation(Measured):
    status: str | None = None
    subject: Reference | None = None
    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    effective_timing: Raw = ABSENT
    issued: str | None = None
    specimen: Reference | None = None
    component: list[Component] | None = None


class Condition(Untagged):
    subject: Reference | None = None
    code: CodeableConcept | None = None
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None


class Patient(Untagged):
    birth_date: str | None = None


class Ingredient(Element):
    item_codeable_concept: CodeableConcept | None = None
    item_reference: Reference | None = None


class Medication(Tagged, tag_field="resourceType", tag="Medication"):
    code: CodeableConcept | None = None
    form: CodeableConcept | None = None
    ingredient: list[Ingredient] | None = None


class OfMedication(Tagged):
    """What the three resources about a patient's medication share. ``contained`` is decoded only when referred to."""

    status: str | None = None
    subject: Reference | None = None
    contained: list[Raw] | None = None
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None


class MedicationRequest(OfMedication, tag_field="resourceType", tag="MedicationRequest"):
    intent: str | None = None
    do_not_perform: bool | None = None
    reported_boolean: bool | None = None
    reported_reference: Reference | None = None
    status_reason: CodeableConcept | None = None
    extension: list[Extension] | None = None
    authored_on: str | None = None
    dosage_instruction: list[Dosage] | None = None
    dispense_request: DispenseRequest | None = None


class MedicationAdministration(OfMedication, tag_field="resourceType", tag="MedicationAdministration"):
    effective_date_time: str | None = None
    effective_period: Period | None = None
    dosage: AdministrationDosage | None = None


class MedicationStatement(OfMedication, tag_field="resourceType", tag="MedicationStatement"):
    effective_date_time: str | None = None
    effective_period: Period | None = None
    dosage: list[Dosage] | None = None


AnyMedication = MedicationRequest | MedicationAdministration | MedicationStatement | Medication


class Search(Element):
    mode: str | None = None


Content = TypeVar("Content")


class Entry(Element, Generic[Content]):
    full_url: str | None = None
    search: Search | None = None
    resource: Content | None = None


class Page(Element, Generic[Content]):
    """A Bundle decoded in one go, for pages whose entries are all of one type."""

    resource_type: str | None = None
    entry: list[Entry[Content]] | None = None


class RawEntry(Element):
    full_url: str | None = None
    search: Search | None = None
    resource: Raw = ABSENT


class RawEntries(Element):
    """A Bundle whose resources stay as sent."""

    entry: list[RawEntry] | None = None


class RawPage(Element):
    """A Bundle whose entries are decoded one by one."""

    resource_type: str | None = None
    entry: list[Raw] | None = None


class Outline(Untagged):
    """Only as much of a resource as it takes to name it."""
