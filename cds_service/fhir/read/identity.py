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
from cds_service.codes.systems import is_drug_code
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

_MATCHED = {each.value: each for each in Matched}
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
    concepts = _concepts(resource, referenced)
    found = _by_code(concepts)
    if found is not None and not drugs.counts_only_systemic(found.drug):
        return _identity(found)
    names = "\n".join({name: None for concept in concepts for name in _names(concept)})
    display = (resource.medication_reference.display if resource.medication_reference else None) or ""
    found = found or drugs.by_name(names)
    if found is None and (beside := "\n".join((display, *_ingredients(referenced)))):
        found = drugs.by_name(beside)
        found = found and found._replace(how=drugs.TEXT)
    if found is None:
        return Identity(None, bool(names.strip() or display.strip()) or _has_public_code(concepts))
    if drugs.counts_only_systemic(found.drug) and (
        routes.is_local_text(f"{names}\n{display}") or _is_local(resource, concepts, referenced)
    ):
        return Identity(None, True)
    return _identity(found)


def _has_public_code(concepts: Iterable[CodeableConcept]) -> bool:
    """A code of a drug terminology whose codes of our drugs are all listed: so it is another drug.

    A local or a package code (NDC) without a text could be any drug, and so could a code that is none.
    """
    return any(is_drug_code(coding.system, coding.code) for concept in concepts for coding in concept.coding or ())


def _identity(found: drugs.Found) -> Identity:
    return Identity(DrugMatch(found.drug.name, _MATCHED[found.how], found.by), True)


def referenced_medication(resource: OfMedication, medications: Medications) -> Medication | None:
    """The Medication a resource refers to, if it is at hand: contained, in a Bundle, or read."""
    reference = resource.medication_reference.reference if resource.medication_reference else None
    if not reference:
        return None
    if reference.startswith("#"):
        return _contained(resource, reference[1:])
    return medications.get(reference) or medications.get(target_of(reference).relative)


def _contained(resource: OfMedication, id_: str) -> Medication | None:
    """The only contained Medication of this id; of two that differ, none."""
    found: list[Medication] = []
    for raw in resource.contained or ():
        medication = decode_medication(raw)
        if medication is not None and (medication.id or "").removeprefix("#") == id_ and medication not in found[:1]:
            found.append(medication)
    return found[0] if len(found) == 1 else None


def _concepts(resource: OfMedication, medication: Medication | None) -> list[CodeableConcept]:
    """The concepts that may name the drug: the resource's own, those of the Medication, those of its ingredients."""
    said = [resource.medication_codeable_concept]
    if medication is not None:
        said.append(medication.code)
        said += (ingredient.item_codeable_concept for ingredient in medication.ingredient or ())
    return [concept for concept in said if concept is not None]


def _ingredients(medication: Medication | None) -> Iterator[str]:
    """What is written beside the references to its ingredients; of the others nothing is known."""
    for ingredient in (medication and medication.ingredient) or ():
        if ingredient.item_reference and ingredient.item_reference.display:
            yield ingredient.item_reference.display


def _by_code(concepts: Iterable[CodeableConcept]) -> drugs.Found | None:
    """By any coding; where codings contradict one another a biologic goes before any other drug, as among names."""
    first = None
    for concept in concepts:
        for coding in concept.coding or ():
            found = drugs.by_code(coding.system, coding.code)
            if found is not None and drugs.in_group(found.drug.name, "biologic"):
                return found
            first = first or found
    return first


def _names(concept: CodeableConcept) -> list[str]:
    names = [coding.display for coding in concept.coding or () if coding.display]
    return [*names, concept.text] if concept.text else names


def _is_local(resource: OfMedication, concepts: Iterable[CodeableConcept], medication: Medication | None) -> bool:
    """A cream, an eye drop, an inhaler: by its code or form, or because every route given is local."""
    if any(map(_has_local_code, concepts)) or (
        medication is not None and medication.form and _says_local(medication.form)
    ):
        return True
    given = [route for route in _routes(resource) if route is not None]
    return bool(given) and all(map(_says_local, given))


def _routes(resource: OfMedication) -> Iterator[CodeableConcept | None]:
    if isinstance(resource, MedicationRequest):
        yield from (dosage.route for dosage in resource.dosage_instruction or ())
    elif isinstance(resource, MedicationStatement):
        yield from (dosage.route for dosage in resource.dosage or ())
    elif isinstance(resource, MedicationAdministration) and resource.dosage is not None:
        yield resource.dosage.route


def _says_local(concept: CodeableConcept) -> bool:
    return _has_local_code(concept) or any(map(routes.is_local_text, _names(concept)))


def _has_local_code(concept: CodeableConcept) -> bool:
    return any(routes.is_local_code(coding.system, coding.code) for coding in concept.coding or ())
