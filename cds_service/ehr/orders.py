"""Draft orders for the order hooks, from what a user types: a drug's name or an RxNorm code."""

from datetime import UTC, datetime
from typing import Any

from cds_service.ehr.problems import CannotStart

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
BY_NAME = {"anakinra": "72435", "tocilizumab": "612865"}


def draft_orders(drugs: tuple[str, ...], patient_id: str, user_id: str, now: datetime) -> dict[str, Any]:
    """A Bundle with one draft MedicationRequest for each drug; CannotStart for a name it does not know."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": _request(f"draft-{number}", _concept(drug), patient_id, user_id, now)}
            for number, drug in enumerate(drugs, 1)
        ],
    }


def selections(bundle: dict[str, Any]) -> list[str]:
    """Every order of the bundle, as ``context.selections`` names them."""
    return [f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in bundle["entry"]]


def _request(identifier: str, concept: dict[str, Any], patient_id: str, user_id: str, now: datetime) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": identifier,
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": concept,
        "subject": {"reference": f"Patient/{patient_id}"},
        "authoredOn": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "requester": {"reference": user_id},
    }


def _concept(drug: str) -> dict[str, Any]:
    named = drug.strip().lower()
    if named.isascii() and named.isdigit():
        name = next((each for each, code in BY_NAME.items() if code == named), None)
        coding = {"system": RXNORM, "code": named} | ({"display": name} if name else {})
        return {"coding": [coding], "text": name or f"RxNorm {named}"}
    if named in BY_NAME:
        return {"coding": [{"system": RXNORM, "code": BY_NAME[named], "display": named}], "text": named}
    raise CannotStart(f"--order {drug!r} is not known: say {', '.join(BY_NAME)} or an RxNorm code such as 6851.")
