"""The value of a result in its analyte's unit, or why there is none; its upper limit; and what was sent.

Source: clinical specification 0.3, sections 2 and 3; https://hl7.org/fhir/R4/datatypes.html#Quantity
"""

from decimal import Decimal

import msgspec
from msgspec import Raw

from cds_service.codes.units import normalise
from cds_service.fhir.elements import ABSENT, BareConcept, Quantity, sent
from cds_service.fhir.read.numbers import COMPARATORS, decimal_of, fixes_the_bin, number_of
from cds_service.fhir.resources import Measured

_LONGEST = 40


def value_of(holder: Measured, analyte: str) -> tuple[Decimal | None, str, str, str]:
    """The value in the analyte's unit, its comparator, why there is none, and the value as sent (not yet escaped)."""
    quantity = holder.value_quantity
    if quantity is None:
        return None, "", _why_none(holder) or "no value", _text(holder.value_string)[:_LONGEST]
    text = str(quantity.value, "utf-8", "replace")
    sent_as = _as_sent(quantity, text)
    number = decimal_of(text)
    if number is None or holder.data_absent_reason is not ABSENT:
        problem = _why_none(holder) or ("" if number is not None else "no number")
        if number is None or problem:
            return None, "", problem, sent_as
    value, problem = normalise(analyte, number, quantity.code, quantity.unit)
    if quantity.comparator:
        value, problem = _limited(quantity.comparator, analyte, value, problem)
    return value, quantity.comparator or "", problem, sent_as


def _as_sent(quantity: Quantity, text: str) -> str:
    unit = quantity.unit or quantity.code
    whole = f"{text} {unit}" if unit else text
    if quantity.comparator:
        whole = quantity.comparator + whole
    return whole[:_LONGEST] if text != "null" else ""


def _limited(comparator: str, analyte: str, value: Decimal | None, problem: str) -> tuple[Decimal | None, str]:
    """A value known only as a limit: of a neutrophil count it is used only where it falls into one bin."""
    if comparator not in COMPARATORS:
        return None, "its comparator is not known"
    if value is not None and analyte == "anc" and not fixes_the_bin(comparator, value):
        return None, "known only as a limit, which leaves the range open"
    return value, problem


def _why_none(holder: Measured) -> str:
    if sent(holder.data_absent_reason):
        return "no value: the laboratory says it is missing"
    if sent(holder.value_string):
        return "a text, no number"
    return "a coded value, no number" if sent(holder.value_codeable_concept) else ""


def upper_limit(holder: Measured, analyte: str) -> Decimal | None:
    """The laboratory's own upper limit of normal, in the analyte's unit; a limit without a unit has the value's."""
    for range_ in holder.reference_range or ():
        if range_.high is not None and _is_normal(range_.type):
            limit = number_of(range_.high.value)
            unit = range_.high if range_.high.code or range_.high.unit else holder.value_quantity or Quantity()
            return normalise(analyte, limit, unit.code, unit.unit)[0] if limit is not None else None
    return None


def _is_normal(kind: BareConcept | None) -> bool:
    """A range without a type is the normal one (https://hl7.org/fhir/R4/valueset-referencerange-meaning.html)."""
    codings = kind.coding if kind else None
    return not codings or any(coding.code == "normal" for coding in codings)


def _text(raw: Raw) -> str:
    """A string as a reader would write it; anything else is none."""
    if not bytes(raw).startswith(b'"'):
        return ""
    try:
        return str(msgspec.json.decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
