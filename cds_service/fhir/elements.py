"""The data types of FHIR R4 that resources are made of, with only the fields this service reads.

Every field may be missing or null. A number stays raw: a typed Decimal would accept the string "NaN".
https://hl7.org/fhir/R4/datatypes.html
"""

from msgspec import Raw, Struct

ABSENT = Raw(b"")
"""What a raw field holds that was not sent."""


def sent(raw: Raw) -> bool:
    """Whether a raw field was sent with anything but null."""
    return raw is not ABSENT and bytes(raw) != b"null"


class Element(Struct, rename="camel", gc=False):
    """Anything below a resource."""


class BareCoding(Element):
    """A code without its display, where nobody reads the display: half of a laboratory page is displays."""

    system: str | None = None
    code: str | None = None


class BareConcept(Element):
    coding: list[BareCoding] | None = None


class BareReference(Element):
    reference: str | None = None


class Coding(Element):
    system: str | None = None
    code: str | None = None
    display: str | None = None


class CodeableConcept(Element):
    coding: list[Coding] | None = None
    text: str | None = None


class Reference(Element):
    reference: str | None = None
    display: str | None = None


class Meta(Element):
    last_updated: str | None = None
    version_id: str | None = None


class Quantity(Element):
    """``value`` is the number exactly as sent (or whatever was sent in its place)."""

    value: Raw = ABSENT
    comparator: str | None = None
    unit: str | None = None
    code: str | None = None


class Period(Element):
    start: str | None = None
    end: str | None = None


class Extension(Element):
    url: str | None = None
    value_date_time: str | None = None


class ReferenceRange(Element):
    high: Quantity | None = None
    type: BareConcept | None = None


class Repeat(Element):
    bounds_period: Period | None = None


class Timing(Element):
    repeat: Repeat | None = None


class DoseAndRate(Element):
    dose_quantity: Quantity | None = None


class Dosage(Element):
    timing: Timing | None = None
    route: CodeableConcept | None = None
    dose_and_rate: list[DoseAndRate] | None = None


class DispenseRequest(Element):
    validity_period: Period | None = None


class AdministrationDosage(Element):
    route: CodeableConcept | None = None
