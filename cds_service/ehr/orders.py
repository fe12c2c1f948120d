"""Draft orders for the order hooks, from what a user types: a drug's name or an RxNorm code."""

from collections.abc import Iterable
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from cds_service.codes.drugs import DRUGS, by_code
from cds_service.codes.systems import RXNORM
from cds_service.ehr.problems import CannotStart

ORDERABLE = MappingProxyType({name: drug.codes[0] for name, drug in DRUGS.items() if drug.codes})
"""Every listed drug by name, with the code an order carries; classes of drugs have none."""


def draft_orders(drugs: tuple[str, ...], patient_id: str, user_id: str, now: datetime) -> dict[str, Any]:
    """A Bundle with one draft MedicationRequest for each drug; CannotStart for a name it does not know."""
    return bundle(
        draft_order(drug, f"draft-{number}", patient_id, user_id, now) for number, drug in enumerate(drugs, 1)
    )


def bundle(orders: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """``context.draftOrders`` of these resources."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in orders]}


def draft_order(drug: str, identifier: str, patient_id: str, user_id: str, now: datetime) -> dict[str, Any]:
    """A draft MedicationRequest for a drug, by name or RxNorm code; CannotStart for a name it does not know."""
    return {
        "resourceType": "MedicationRequest",
        "id": identifier,
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": _concept(drug),
        "subject": {"reference": f"Patient/{patient_id}"},
        "authoredOn": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "requester": {"reference": user_id},
    }


def selections(bundle: dict[str, Any]) -> list[str]:
    """Every order of the bundle, as ``context.selections`` names them."""
    return [f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in bundle["entry"]]


def _concept(drug: str) -> dict[str, Any]:
    named = drug.strip().lower()
    if named.isascii() and named.isdigit():
        known = by_code(RXNORM, named)
        name = known.drug.name if known else f"RxNorm {named}"
        ingredient = name in ORDERABLE and ORDERABLE[name].value == named
        return {"coding": [_coding(RXNORM, named, name if ingredient else "")], "text": name}
    if code := ORDERABLE.get(named):
        return {"coding": [_coding(code.system, code.value, named)], "text": named}
    raise CannotStart(f"The drug {drug!r} is not known here: say anakinra, tocilizumab or an RxNorm code such as 6851.")


def _coding(system: str, code: str, display: str) -> dict[str, str]:
    return {"system": system, "code": code} | ({"display": display} if display else {})
