"""Ways in which an order names its drug: contained, by every kind of reference, or by one that leads nowhere."""

from collections.abc import Callable
from functools import partial

from tests.faults.exchange import Exchange, Resource, changes
from tests.faults.observations import of_first

UUID = "urn:uuid:6f0c7a3e-2d5b-4b0e-9d59-0a8c5f1c7e13"


def _orders(bundle: Resource) -> list[Resource]:
    return [entry for entry in bundle.get("entry", ()) if entry["resource"]["resourceType"] == "MedicationRequest"]


def _drug(name: str, reference: Callable[[Exchange, Resource], Resource]) -> None:
    """The first order says its drug by this ``medicationReference`` only."""

    def change(exchange: Exchange, order: Resource) -> None:
        concept = order.pop("medicationCodeableConcept", {})
        order["medicationReference"] = reference(exchange, order | {"concept": concept})
        order |= order["medicationReference"].pop("with", {})

    changes(name)(partial(of_first, change, _orders))


def _contained(_: Exchange, order: Resource) -> Resource:
    medication = {"resourceType": "Medication", "id": "inside", "code": order["concept"]}
    return {"reference": "#inside", "with": {"contained": [medication]}}


_drug("drug-contained", _contained)
_drug("drug-contained-missing", lambda *_: {"reference": "#nothing"})
_drug("drug-relative", lambda *_: {"reference": "Medication/anakinra"})
_drug("drug-versioned", lambda *_: {"reference": "Medication/anakinra/_history/2"})
_drug("drug-absolute", lambda exchange, _: {"reference": f"{exchange.server.base_url}/Medication/anakinra"})
_drug("drug-foreign", lambda exchange, _: {"reference": f"{exchange.server.canary_url}/fhir/Medication/anakinra"})
_drug("drug-uuid-missing", lambda *_: {"reference": UUID})
_drug("drug-identifier", lambda *_: {"identifier": {"system": "urn:x", "value": "anakinra"}})
_drug("drug-display", lambda *_: {"display": "anakinra 100 mg"})
_drug("drug-unresolvable", lambda *_: {"reference": "Medication/none"})
_drug("drug-of-another-type", lambda *_: {"reference": "Patient/neutropenic-1"})
_drug("drug-nothing", lambda *_: {})


@changes("drug-uuid")
def _uuid(_: Exchange, bundle: Resource) -> None:
    """The Medication stands in the same Bundle, under its fullUrl."""
    for entry in _orders(bundle)[:1]:
        order = dict(entry["resource"])
        medication = {"resourceType": "Medication", "id": "m", "code": order.pop("medicationCodeableConcept", {})}
        entry["resource"] = order | {"medicationReference": {"reference": UUID}}
        included = {"fullUrl": UUID, "resource": medication, "search": {"mode": "include"}}
        bundle["entry"] = [*bundle["entry"], included]
