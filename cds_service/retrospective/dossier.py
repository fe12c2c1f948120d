"""What an export holds of one patient: the lines that the service would ask for, with when each was known."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from cds_service.codes.prefetch_keys import NEUTROPHILS
from cds_service.fhir.elements import BareConcept, BareReference, Element
from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.read.references import target_of
from cds_service.hooks.services import Service
from cds_service.hooks.templates import parameters
from cds_service.retrospective.known import known_at
from cds_service.retrospective.statuses import Ending, ending_of

ORDER, MEDICATION, PATIENT = "MedicationRequest", "Medication", "Patient"


class Item(NamedTuple):
    """One line. ``keys``: the searches that find it; ``at``: None where it does not say when it was known.

    ``news``: an order that the rules speak of, or a blood count. ``ending``: of an order that no longer runs.
    """

    at: datetime | None
    name: str
    line: bytes
    keys: tuple[str, ...]
    news: bool
    ending: Ending | None = None


class _Coded(Element):
    id: str | None = None
    code: BareConcept | None = None
    medication_reference: BareReference | None = None


_CODED = msgspec.json.Decoder(_Coded)


class Searches:
    """The prefetch templates of a service, as far as an export has to be searched: by type, patient and code."""

    def __init__(self, service: Service) -> None:
        self.keys: dict[str, tuple[str, ...]] = {}
        self.type_of: Mapping[str, str] = MappingProxyType(
            {key: template.partition("?")[0].partition("/")[0] for key, template in service.prefetch.items()}
        )
        self._by_code: dict[str, tuple[str, ...]] = {}
        for key, template in service.prefetch.items():
            kind, codes = self.type_of[key], _codes(template)
            self.keys[kind] = self.keys.get(kind, ()) + (() if codes else (key,))
            for code in codes:
                self._by_code[code] = (*self._by_code.get(code, ()), key)

    def finding(self, kind: str, concept: BareConcept | None) -> tuple[str, ...]:
        """The keys whose search finds a resource of this type and code."""
        codes = [coding.code for coding in (concept.coding if concept else None) or () if coding.code]
        coded = [key for code in codes for key in self._by_code.get(code, ())] if kind == "Observation" else []
        return (*self.keys[kind], *dict.fromkeys(coded))


def _codes(template: str) -> list[str]:
    asked = parameters(template.partition("?")[2]) if "?" in template else []
    return [code for each in asked if each.name == "code" for code in each.value.split(",")]


class Dossier:
    """One patient's lines. ``patients`` are the Patient resources, ``medications`` those that orders refer to."""

    def __init__(self, patient: str) -> None:
        self.patient = patient
        self.patients: list[bytes] = []
        self.items: list[Item] = []
        self.medications: list[bytes] = []

    def add(self, kind: str, line: bytes, searches: Searches, dates: Dates, *, news: bool) -> str:
        """Keeps a line if a search would find it. Answers the Medication it refers to ("Medication/1"), or "".

        Raises one of UNREADABLE where nobody can tell which search would find it.
        """
        try:
            coded = _CODED.decode(line)
        except UNREADABLE:
            if not searches.keys.get(kind):
                raise
            coded = _Coded()  # found whatever it says: the service will tell that it cannot be read
        keys = searches.finding(kind, coded.code)
        if not keys:
            return ""
        name = f"{kind}/{coded.id}" if coded.id else kind
        ending = ending_of(line, dates) if kind == ORDER else None
        at = known_at(kind, line, dates)
        self.items.append(Item(at, name, line, keys, news or NEUTROPHILS in keys, ending))
        reference = coded.medication_reference.reference if coded.medication_reference else None
        return target_of(reference).relative if reference and not reference.startswith("#") else ""

    @property
    def undated_orders(self) -> int:
        """Orders of ours that do not say when they were written."""
        return sum(each.news and each.at is None and each.name.startswith(ORDER) for each in self.items)

    def sort(self) -> None:
        """One order, whatever that of the lines: the latest first, as a server would answer, undated ones last."""
        self.items.sort(key=_latest_first)
        self.medications = sorted(set(self.medications))


def _latest_first(item: Item) -> tuple[float, str, bytes]:
    return -item.at.timestamp() if item.at else float("inf"), item.name, item.line
