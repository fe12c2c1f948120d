"""Orders and drafts in the short notation of the tables.

- orders: ``anakinra active from day -40``; ``anakinra on-hold from day -40 until day -5 (reason neutropenia)``;
  ``anakinra stopped from day -40 (planned end day -9, supply ends day -8, last written day -5)``;
  ``anakinra active from day -40 (dosage from day -30)``; ``anakinra given day -3``;
  ``anakinra reported from day -40 until day -3``
- drafts: ``anakinra``; ``tocilizumab (not selected)``; ``stop anakinra``; ``stop anakinra 2`` (the second order of it);
  ``anakinra (another patient)``; ``something unidentified``

"until" is the recorded change of status of a request.
"""

import re

from cds_service.clinical.record import Draft, DrugMatch, Kind, Matched, Medication

from .moments import PATTERN, when
from .words import items, matched, notes_of

_ORDER = re.compile(
    rf"(?P<drug>[a-z-]+) (?P<status>active|on-hold|stopped|completed|reported|given)"
    rf"(?: (?:from )?(?P<start>{PATTERN}))?(?: until (?P<end>{PATTERN}))?(?: \((?P<notes>.*)\))?"
)
_DRAFT = re.compile(r"(?P<ends>(?:stop|hold) )?(?P<drug>[a-z-]+)(?: (?P<number>\d))?(?: \((?P<note>.*)\))?")
_UNKNOWN_DRUGS = ("paracetamol",)


def orders(cell: str) -> tuple[Medication, ...]:
    return tuple(_order(item, number) for number, item in enumerate(items(cell), 1))


def _order(item: str, number: int) -> Medication:
    found = matched(_ORDER, item)
    notes = notes_of(found["notes"])
    dates = {name: when(value) for name, value in notes.items() if name not in ("reason", "dose")}
    kind = {"given": Kind.ADMINISTRATION, "reported": Kind.STATEMENT}.get(found["status"], Kind.REQUEST)
    start, end = (when(found[name]) if found[name] else None for name in ("start", "end"))
    request = kind is Kind.REQUEST
    return Medication(
        drug=_match(found["drug"]),
        source=f"Medication{'Request' if request else kind.title()}/{number}",
        kind=kind,
        status=found["status"] if request else "active" if kind is Kind.STATEMENT else "completed",
        authored=start if request else None,
        bounds_start=dates.get("dosage from") if request else start,
        bounds_end=dates.get("planned end") if request else end,
        validity_end=dates.get("supply ends"),
        status_changed=end if request else None,
        last_updated=dates.get("last written"),
        has_reason="reason" in notes,
        reason_neutropenia=notes.get("reason") == "neutropenia",
    )


def drafts(cell: str, medications: tuple[Medication, ...] = ()) -> tuple[Draft, ...]:
    return tuple(_draft(item, number, medications) for number, item in enumerate(items(cell), 1))


def _draft(item: str, number: int, medications: tuple[Medication, ...]) -> Draft:
    if item == "something unidentified":
        reason = "an ordered medication could not be identified"
        return Draft(source=f"MedicationRequest/draft-{number}", drug=None, unidentified=reason)
    found = matched(_DRAFT, item)
    drug, note = found["drug"], found["note"] or ""
    source = f"MedicationRequest/draft-{number}"
    if found["ends"]:
        source = [each.source for each in medications if each.drug.name == drug][int(found["number"] or 1) - 1]
    return Draft(
        source=source,
        drug=None if drug in _UNKNOWN_DRUGS else _match(drug),
        selected="not selected" not in note,
        ends=bool(found["ends"]),
        foreign=note == "another patient",
    )


def _match(drug: str) -> DrugMatch:
    return DrugMatch(drug, Matched.CODE, "RxNorm")
