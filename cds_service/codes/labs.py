"""The laboratory and bedside results this service reads, by LOINC code, and the codes that never stand for them.

Source: clinical specification 0.3, section 2 (all checked there at LOINC).
"""

from dataclasses import dataclass
from typing import NamedTuple

from cds_service.codes.systems import LOINC, Code, Loinc, codes


@dataclass(frozen=True, slots=True)
class Analyte:
    """One thing measured. ``unit`` is the unit of ``Result.value``; ``never`` are codes often taken for it."""

    name: str
    words: str
    unit: str
    codes: tuple[Loinc, ...]
    never: tuple[Loinc, ...] = ()


def _analyte(name: str, words: str, unit: str, accept: str, never: str = "") -> Analyte:
    return Analyte(name, words, unit, codes(Loinc, accept, verified=True), codes(Loinc, never, verified=True))


CELLS = "10*9/L"
ROWS = (
    # 35039-7 is a lymphocyte count, in spite of its neighbours
    _analyte("anc", "neutrophil count", CELLS, "751-8 26499-4 753-4", never="35039-7 752-6 762-5"),
    _analyte("neutrophils-segmented", "segmented neutrophils", CELLS, "30451-9 768-2"),
    _analyte("neutrophils-band", "band neutrophils", CELLS, "26507-4 763-3 30229-9"),
    _analyte("neutrophils-percent", "neutrophils, percent", "%", "770-8 26511-6 23761-0", never="764-1 26508-2 769-0"),
    _analyte("wbc", "white-cell count", CELLS, "6690-2 26464-8 804-5"),
    _analyte("platelets", "platelets", CELLS, "777-3 26515-7"),
    _analyte("hemoglobin", "hemoglobin", "g/dL", "718-7"),
    _analyte("crp", "C-reactive protein", "mg/L", "1988-5"),
    _analyte("ferritin", "ferritin", "ug/L", "2276-4"),
    _analyte("alt", "ALT", "U/L", "1742-6"),
    _analyte("ast", "AST", "U/L", "1920-8"),
    _analyte("triglycerides", "triglycerides", "mg/dL", "2571-8 12951-0"),
    _analyte("fibrinogen", "fibrinogen", "mg/dL", "3255-7"),
    _analyte("creatinine", "creatinine", "mg/dL", "2160-0"),
    _analyte("egfr", "eGFR", "mL/min/1.73m2", "33914-3 48642-3 48643-1 62238-1 77147-7 98979-8"),
    _analyte("temperature", "temperature", "Cel", "8310-5 8331-1"),
    _analyte("weight", "weight", "kg", "29463-7 3141-9"),
)

ANALYTES = {analyte.name: analyte for analyte in ROWS}
BY_LOINC = {code.value: analyte.name for analyte in ROWS for code in analyte.codes}
NEVER = frozenset(code.value for analyte in ROWS for code in analyte.never)
MANUAL = frozenset({"753-4"})
"""Counted by eye: wins over an automated count of the same specimen."""

NEUTROPHIL_FACTS = ("anc", "neutrophils-segmented", "neutrophils-band", "neutrophils-percent", "wbc")
"""What a neutrophil count is read from; its whole history matters, of other results only the recent ones."""

COUNTS_OF_NEUTROPHILS = frozenset({"anc", "neutrophils-segmented", "neutrophils-band"})
JUDGED_AGAINST_UPPER_LIMIT = frozenset({"alt", "ast"})
"""The results whose own upper limit of normal the rules ask for."""


class Order(NamedTuple):
    """A laboratory order to suggest."""

    code: Code
    display: str
    system: str = LOINC


READ_BY_NO_RULE = frozenset({"crp", "creatinine"})
"""Known, so that one of their codes beside a neutrophil count's is seen as a conflict; not asked for, not results."""

PANELS = ("57021-8",)
"""Blood counts whose neutrophils may be components of one Observation; a search by code finds only the panel."""

CBC_WITH_DIFFERENTIAL = Order(Loinc("57021-8", verified=True), "CBC W Auto Differential panel - Blood")
HEPATIC_PANEL = Order(Loinc("24325-3", verified=True), "Hepatic function 2000 panel - Serum or Plasma")
MAS_LABS = (
    Order(Loinc("2276-4", verified=True), "Ferritin [Mass/volume] in Serum or Plasma"),
    Order(Loinc("2571-8", verified=True), "Triglyceride [Mass/volume] in Serum or Plasma"),
    Order(Loinc("3255-7", verified=True), "Fibrinogen [Mass/volume] in Platelet poor plasma by Coagulation assay"),
    Order(Loinc("1920-8", verified=True), "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma"),
)
