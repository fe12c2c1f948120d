"""Which patients an evaluation is worth while for: those with an order of a drug the rules speak of.

Told by the service's own reader of orders, so that nobody is left out whom it would have known. An order whose drug
cannot be told counts as well: the service would not have been silent about it.
"""

from collections.abc import Callable

import msgspec
from msgspec import Raw

from cds_service.clinical.picture import ANAKINRA, TOCILIZUMAB
from cds_service.clinical.questions import CONCERNED
from cds_service.clinical.scene import Hook
from cds_service.codes.drugs import in_group
from cds_service.fhir.elements import Reference
from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.fhir.read.identity import Identity, decode_medication, identify
from cds_service.fhir.read.medications import can_count, is_malformed
from cds_service.fhir.read.references import target_of
from cds_service.fhir.resources import Medication, MedicationRequest
from cds_service.retrospective.heads import OrderHead

_REQUEST = msgspec.json.Decoder(MedicationRequest)
_MOST_KEPT = 100_000


class Formulary:
    """Which orders concern us at a hook. ``add`` every Medication of the export first."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self._ours: dict[str, Medication] = {}
        self._others: set[str] = set()
        self._known: dict[bytes, bool] = {}

    def add(self, line: bytes) -> None:
        """A Medication. Only those of our drugs are kept; of the others the names."""
        medication = decode_medication(line)
        if medication is None or not medication.id:
            return
        name = f"Medication/{medication.id}"
        order = MedicationRequest(medication_reference=Reference(name))
        if self._speaks_of(identify(order, {name: medication})):
            self._ours[name] = medication
        else:
            self._others.add(name)

    def may_concern(self, head: OrderHead) -> bool:
        """A first look, at the drug alone. Most orders are of one that was seen before."""
        if not _is_empty(head.contained):
            return True
        drug = bytes(head.medication_codeable_concept) + b"\0" + bytes(head.medication_reference)
        known = self._known.get(drug)
        if known is None:
            known = self._of_our_drug(_order_of(head))
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[drug] = known
        return known

    def concerns(self, line: bytes) -> bool:
        """Whether the rules may speak because of this order."""
        try:
            order = _REQUEST.decode(line)
        except UNREADABLE:
            return True
        counts = can_count(order) or is_malformed(order) or self._hook is not Hook.VIEW
        return counts and self._of_our_drug(order)

    def _of_our_drug(self, order: MedicationRequest | None) -> bool:
        if order is None:
            return True
        identity = identify(order, self._ours)
        if not identity.named and self._is_another(order):
            return False
        return self._speaks_of(identity)

    def _is_another(self, order: MedicationRequest) -> bool:
        reference = order.medication_reference.reference if order.medication_reference else None
        return bool(reference) and target_of(reference or "").relative in self._others

    def _speaks_of(self, identity: Identity) -> bool:
        if identity.drug is None:
            return not identity.named
        return _SPOKEN_OF[self._hook](identity.drug.name)


def _order_of(head: OrderHead) -> MedicationRequest | None:
    """An order of the same drug; None if that cannot be read."""
    parts = {
        name: raw
        for name, raw in (
            ("medicationCodeableConcept", head.medication_codeable_concept),
            ("medicationReference", head.medication_reference),
        )
        if raw is not None and not _is_empty(raw)
    }
    try:
        return _REQUEST.decode(msgspec.json.encode({"resourceType": "MedicationRequest", **parts}))
    except UNREADABLE:
        return None


def _is_empty(raw: Raw) -> bool:
    return bytes(raw) in (b"", b"null", b"[]")


def _on_a_chart(drug: str) -> bool:
    return drug in (ANAKINRA, TOCILIZUMAB)


def _in_an_order(drug: str) -> bool:
    return any(in_group(drug, group) for group in CONCERNED)


_SPOKEN_OF: dict[Hook, Callable[[str], bool]] = {
    Hook.VIEW: _on_a_chart,
    Hook.SELECT: _in_an_order,
    Hook.SIGN: _in_an_order,
}
