"""Short ways to write FHIR in tests: one patient (p1), one day (2026-11-22 08:14 UTC)."""

import json
from datetime import UTC, datetime, tzinfo
from typing import Any

from cds_service.clinical.record import Completeness, Medication, Record
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read import read_record

NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
ME = {"reference": "Patient/p1"}
Json = dict[str, Any]


def coded(code: str, system: str = "http://loinc.org", display: str = "") -> Json:
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]}


def rxnorm(code: str, display: str = "") -> Json:
    return coded(code, "http://www.nlm.nih.gov/research/umls/rxnorm", display)


ANAKINRA: Json = {"resourceType": "Medication", "id": "med-1", "code": rxnorm("72435", "anakinra")}


def quantity(value: Any, unit: str | None = "10*9/L", **more: Any) -> Json:
    return {"value": value} | ({"unit": unit, "code": unit} if unit else {}) | more


def anc(**changes: Any) -> Json:
    """A final neutrophil count of 0.96 taken today; None takes a field away."""
    plain = {
        "resourceType": "Observation",
        "id": "anc-1",
        "status": "final",
        "code": coded("751-8"),
        "subject": ME,
        "effectiveDateTime": "2026-11-22T08:00:00Z",
        "valueQuantity": quantity(0.96),
    }
    return {key: value for key, value in (plain | changes).items() if value is not None}


def request(**changes: Any) -> Json:
    """An active order of anakinra since 12 October; None takes a field away."""
    plain = {
        "resourceType": "MedicationRequest",
        "id": "mr-1",
        "status": "active",
        "intent": "order",
        "subject": ME,
        "medicationCodeableConcept": rxnorm("72435", "anakinra"),
        "authoredOn": "2026-10-12",
    }
    return {key: value for key, value in (plain | changes).items() if value is not None}


def by_reference(reference: str | None, display: str | None = None, **changes: Any) -> Json:
    """An order whose medication is only referred to."""
    said = {name: value for name, value in (("reference", reference), ("display", display)) if value}
    return request(medicationCodeableConcept=None, medicationReference=said, **changes)


def bundle(*resources: Json | None, **more: Any) -> bytes:
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": entries} | more).encode()


def key(name: str, *pages: bytes, completeness: Completeness = Completeness()) -> KeyData:  # noqa: B008 - frozen
    return KeyData(name, "satisfied", pages, completeness)


def keys(**pages: bytes | tuple[bytes, ...]) -> dict[str, KeyData]:
    """All six keys; those not named are known to be empty."""
    empty: dict[str, Any] = dict.fromkeys(("patient", "medications", "neutrophils", "labs", "vitals", "conditions"), ())
    return {name: key(name, *(page if isinstance(page, tuple) else (page,))) for name, page in (empty | pages).items()}


def record_of(zone: tzinfo = UTC, **pages: bytes | tuple[bytes, ...]) -> Record:
    return read_record("p1", keys(**pages), (), now=NOW, time_zone=zone)


def results_of(*observations: Json, zone: tzinfo = UTC) -> Any:
    return record_of(zone, neutrophils=bundle(*observations)).results


def medications(*resources: dict[str, Any]) -> tuple[Medication, ...]:
    """What these resources tell of exposure."""
    return record_of(medications=bundle(*resources)).medications


def only(**changes: Any) -> Medication:
    """What a single order, so changed, tells."""
    (medication,) = medications(request(**changes))
    return medication


def drugs(*resources: Json | None) -> list[tuple[str, str]]:
    """Each drug that was recognised, and by what."""
    found = record_of(medications=bundle(*resources)).medications
    return [(each.drug.name, each.drug.matched.value) for each in found]
