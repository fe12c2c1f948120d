"""The part of FHIR R4 this service reads, typed: fields not named here are skipped, unread and unchecked.

Lenient on purpose where real clients bend the rules: every field may be missing or null, and fields that are often
malformed and never needed (``category``, ``identifier``, ``text``) are not read at all: the public CDS Hooks sandbox
sends ``category`` as an object. https://hl7.org/fhir/R4/resourcelist.html
"""

from typing import ClassVar, Literal

from msgspec import Raw

from cds_service.fhir.elements import (
    ABSENT,
    AdministrationDosage,
    BareConcept,
    BareReference,
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
    """A resource decoded by its type, out of several that may come."""

    resource_type: ClassVar[str]


class Measured(Resource):
    """A value, as an Observation or one of its components carries it."""

    code: BareConcept | None = None
    value_quantity: Quantity | None = None
    value_string: Raw = ABSENT
    value_codeable_concept: Raw = ABSENT
    data_absent_reason: Raw = ABSENT
    # Asked for of two analytes only, and large: decoded when it is asked for.
    reference_range: list[ReferenceRange] | None = None


class Component(Measured):
    pass


class Observation(Measured, kw_only=True):
    """Nothing else decodes as one: a page of them needs no second look at the types of its entries."""

    resource_type: Literal["Observation"]
    status: str | None = None
    subject: BareReference | None = None
    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    effective_timing: Raw = ABSENT
    issued: str | None = None
    specimen: BareReference | None = None
    component: list[Component] | None = None


class Condition(Resource, kw_only=True):
    """As Observation: nothing else decodes as one."""

    resource_type: Literal["Condition"]
    subject: BareReference | None = None
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
    resource_type: ClassVar[str] = "Medication"
    code: CodeableConcept | None = None
    form: CodeableConcept | None = None
    ingredient: list[Ingredient] | None = None


class OfMedication(Tagged):
    """What the three resources about a patient's medication share. ``contained`` is decoded only when referred to."""

    status: str | None = None
    subject: BareReference | None = None
    contained: list[Raw] | None = None
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None


class MedicationRequest(OfMedication, tag_field="resourceType", tag="MedicationRequest"):
    resource_type: ClassVar[str] = "MedicationRequest"
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
    resource_type: ClassVar[str] = "MedicationAdministration"
    effective_date_time: str | None = None
    effective_period: Period | None = None
    dosage: AdministrationDosage | None = None


class MedicationStatement(OfMedication, tag_field="resourceType", tag="MedicationStatement"):
    resource_type: ClassVar[str] = "MedicationStatement"
    effective_date_time: str | None = None
    effective_period: Period | None = None
    dosage: list[Dosage] | None = None


AnyMedication = MedicationRequest | MedicationAdministration | MedicationStatement | Medication
