"""Results of the search for neutrophil counts whose code is not known: what their text says they are.

Whoever answers that search with a result has found it to be one of those asked for. One that carries another LOINC
code is another test, as where a client sends all laboratory results; one whose code says nothing may be a count.
https://hl7.org/fhir/R4/observation-definitions.html#Observation.code
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from unicodedata import category, normalize

import msgspec

from cds_service.clinical.record import Result
from cds_service.codes.systems import is_loinc_code
from cds_service.codes.units import unit_of
from cds_service.fhir.elements import BareConcept, CodeableConcept, Element
from cds_service.fhir.read.bundles import UNREADABLE, Hit
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.read.observations import WITHDRAWN, Fact, fact_of, result_of
from cds_service.fhir.resources import Measured, Observation


class _Told(Enum):
    """What the text beside an unknown code says."""

    NEUTROPHILS = "neutrophils"
    OTHER = "another test"
    NOTHING = "nothing"


_WHY = {_Told.NEUTROPHILS: "its code is not known", _Told.NOTHING: "nothing tells which test it is"}

# Of a count; neither a percentage nor the antibodies to their cytoplasm. Accents are gone by then ("Neutrofilos").
_NEUTROPHILS = re.compile(
    r"neutro|\bneuts?\b|\bneu\b|\bne ?#|\banc\b|\bpmns?\b|\bpnn\b|\bsegs?\b|polymorph", re.IGNORECASE
)
_PERCENTAGE = re.compile(r"%|percent|\bper 100\b|/100", re.IGNORECASE)
_ANTIBODIES = re.compile(r"cytoplasm|antibod", re.IGNORECASE)
_OTHER_CELLS = re.compile(
    r"leu[ck]|wbc|white|l[iy][mn][fp]|\blym|mono|\beo|baso|plasma|\bcd ?\d|\b[bt][ -]cell|\bnk\b|"
    r"pla[qt]|plt|th?rombo|er[iy]t|rbc|\bred\b|reti|ha?emat|glob|nucleated|"
    r"band|stab|immature|\big\b|myel|blast|atyp|variant",
    re.IGNORECASE,
)
"""What else is counted in blood. Other words beside a count of cells ("Granulozyten", "Gran#") may well mean these."""


class _Part(Element):
    code: CodeableConcept | None = None


class _Named(_Part):
    component: list[_Part] | None = None


_NAMED = msgspec.json.Decoder(_Named)


def results_of_unknown(hit: Hit[Observation], dates: Dates) -> Iterator[Result]:
    """A count that cannot be used, unless a code or the text says that this is another test."""
    observation = hit.resource
    if observation.status in WITHDRAWN or _is_known(observation) or _is_percentage(observation):
        return
    why = _WHY.get(_told_by_text(hit.original, observation))
    if why:
        yield result_of(Fact("anc", problem=why), observation, observation, hit.source, dates)


def _is_known(observation: Observation) -> bool:
    """Whether codes tell what this is, its parts included. A panel need not say more than its parts."""
    parts = observation.component
    if not parts:
        return _tells(observation.code)
    return all(_tells(each.code) for each in parts) and (observation.value_quantity is None or _tells(observation.code))


def _tells(concept: BareConcept | None) -> bool:
    """Whether any coding is a LOINC code, of a test of interest or of another."""
    return fact_of(concept) is not None or any(
        is_loinc_code(coding.system, coding.code) for coding in (concept.coding if concept else None) or ()
    )


def _is_percentage(observation: Observation) -> bool:
    quantity = observation.value_quantity
    return quantity is not None and "%" in (quantity.unit, quantity.code)


def _told_by_text(original: bytes, observation: Observation) -> _Told:
    """What the texts of those codes say that are not known. ``original`` is the Observation as sent."""
    try:
        named = _NAMED.decode(original)
    except UNREADABLE:
        return _Told.NOTHING
    said = {_told(concept, _counts_cells(holder)) for concept, holder in _concepts(named, observation)}
    return next((each for each in (_Told.NEUTROPHILS, _Told.NOTHING) if each in said), _Told.OTHER)


def _concepts(named: _Named, observation: Observation) -> Iterator[tuple[CodeableConcept, Measured]]:
    """Each concept without a LOINC code, and what carries its value."""
    parts: Iterable[tuple[_Part, Measured]] = zip(named.component or (), observation.component or (), strict=True)
    for part, holder in parts if named.component else [(named, observation)]:
        if part.code is None:
            yield CodeableConcept(), holder
        elif not any(is_loinc_code(coding.system, coding.code) for coding in part.code.coding or ()):
            yield part.code, holder


def _counts_cells(holder: Measured) -> bool:
    """Whether its unit is one of a count of cells."""
    quantity = holder.value_quantity
    return quantity is not None and unit_of("anc", quantity.code, quantity.unit)[0] is not None


def _told(concept: CodeableConcept, counts_cells: bool) -> _Told:
    names = [name for coding in concept.coding or () if (name := coding.display)]
    text = " ".join([*names, concept.text or ""]).strip()
    if not text:
        return _Told.NOTHING
    text = "".join(letter for letter in normalize("NFKD", text) if category(letter) != "Mn")
    if _ANTIBODIES.search(text) or (_PERCENTAGE.search(text) and not counts_cells):
        return _Told.OTHER
    if _NEUTROPHILS.search(text):
        return _Told.NEUTROPHILS
    return _Told.NOTHING if counts_cells and not _OTHER_CELLS.search(text) else _Told.OTHER
