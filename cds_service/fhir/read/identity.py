"""Which drug a resource is about: five places to look, in the order of how much they can be trusted.

The resource's own concept, a contained Medication, one in a Bundle, one that was read; at last the reference's
display text. Epic sends references only, Oracle Health contained Medications.
https://hl7.org/fhir/R4/medicationrequest-definitions.html#MedicationRequest.medication_x_
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from cds_service.clinical.record import DrugMatch, Matched
from cds_service.codes import drugs, routes
from cds_service.fhir.elements import CodeableConcept
from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.fhir.read.references import target_of
from cds_service.fhir.resources import (
    Medication,
    MedicationAdministration,
    MedicationRequest,
    MedicationStatement,
    OfMedication,
)

Medications = Mapping[str, Medication]
"""Medication resources by reference: as sent, by fullUrl, and by "Medication/id"."""

_MEDICATION = msgspec.json.Decoder(Medication)


class Identity(NamedTuple):
    """``drug`` is None for one this service does not know; ``named`` is False where nothing says which drug it is."""

    drug: DrugMatch | None
    named: bool


def decode_medication(body: bytes | msgspec.Raw) -> Medication | None:
    """A Medication that was read from the server; None if it is none."""
    try:
        return _MEDICATION.decode(body)
    except UNREADABLE:
        return None


def identify(resource: OfMedication, medications: Medications) -> Identity:
    """The drug of a request, administration or statement. Never raises."""
    referenced = referenced_medication(resource, medications)
    concepts = [concept for concept in _concepts(resource, referenced) if concept is not None]
    display = (resource.medication_reference.display if resource.medication_reference else None) or ""
    found = _by_code(concepts)
    named = found is not None
    if found is None:
        names = {name: None for concept in concepts for name in _names(concept)}
        found = drugs.by_name("\n".join(names))
        named = bool(names or display)
    if found is None and display:
        found = drugs.by_name(display)
        found = found and found._replace(how=drugs.TEXT)
    if found is None:
        return Identity(None, named)
    if drugs.counts_only_systemic(found.drug) and _is_local(
        resource, [*concepts, CodeableConcept(text=display)], referenced
    ):
        return Identity(None, True)
    return Identity(DrugMatch(found.drug.name, Matched(found.how), found.by), True)


def referenced_medication(resource: OfMedication, medications: Medications) -> Medication | None:
    """The Medication a resource refers to, if it is at hand: contained, in a Bundle, or read."""
    reference = resource.medication_reference.reference if resource.medication_reference else None
    if not reference:
        return None
    if reference.startswith("#"):
        return _contained(resource, reference[1:])
    return medications.get(reference) or medications.get(target_of(reference).relative)


def _contained(resource: OfMedication, id_: str) -> Medication | None:
    for raw in resource.contained or ():
        medication = decode_medication(raw)
        if medication is not None and (medication.id or "").removeprefix("#") == id_:
            return medication
    return None


def _concepts(resource: OfMedication, medication: Medication | None) -> Iterator[CodeableConcept | None]:
    yield resource.medication_codeable_concept
    if medication is not None:
        yield medication.code
        for ingredient in medication.ingredient or ():
            yield ingredient.item_codeable_concept


def _by_code(concepts: Iterable[CodeableConcept]) -> drugs.Found | None:
    for concept in concepts:
        for coding in concept.coding or ():
            found = drugs.by_code(coding.system, coding.code)
            if found is not None:
                return found
    return None


def _names(concept: CodeableConcept) -> Iterator[str]:
    yield from (coding.display for coding in concept.coding or () if coding.display)
    if concept.text:
        yield concept.text


def _is_local(resource: OfMedication, concepts: Iterable[CodeableConcept], medication: Medication | None) -> bool:
    """A cream, an eye drop, an inhaler: by its code, its name, its form, or because every route given is local."""
    if any(map(_says_local, concepts)) or (medication is not None and medication.form and _says_local(medication.form)):
        return True
    routes_given = [route for route in _routes(resource) if route is not None]
    return bool(routes_given) and all(map(_says_local, routes_given))


def _routes(resource: OfMedication) -> Iterator[CodeableConcept | None]:
    if isinstance(resource, MedicationRequest):
        yield from (dosage.route for dosage in resource.dosage_instruction or ())
    elif isinstance(resource, MedicationStatement):
        yield from (dosage.route for dosage in resource.dosage or ())
    elif isinstance(resource, MedicationAdministration) and resource.dosage is not None:
        yield resource.dosage.route


def _says_local(concept: CodeableConcept) -> bool:
    if any(routes.is_local_code(coding.system, coding.code) for coding in concept.coding or ()):
        return True
    return any(map(routes.is_local_text, _names(concept)))
