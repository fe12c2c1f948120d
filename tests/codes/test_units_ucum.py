"""The closed tables of units against UCUM, read by a library of its own: the same factor wherever UCUM knows the unit.

The library is no part of the service: to UCUM ``K/uL`` is kelvin, not thousand. https://ucum.org/ucum
"""

from decimal import Decimal
from typing import Any

import pytest
import ucumvert

from cds_service.codes.units import TABLES

OWN_UNIT = {
    **dict.fromkeys(("anc", "neutrophils-segmented", "neutrophils-band", "wbc", "platelets"), "10*9/L"),
    **dict.fromkeys(("alt", "ast"), "U/L"),
    **dict.fromkeys(("triglycerides", "fibrinogen", "creatinine"), "mg/dL"),
    "neutrophils-percent": "%",
    "hemoglobin": "g/dL",
    "crp": "mg/L",
    "ferritin": "ug/L",
    "egfr": "mL/min/{1.73_m2}",
    "temperature": "Cel",
    "weight": "kg",
}
"""What a result of each analyte is compared in, as UCUM spells it."""
LABORATORIES_MEAN_OTHERWISE = {"K/uL": "kelvin", "K/mm3": "kelvin", "G/L": "gauss", "G/l": "gauss"}
"""Spellings that every laboratory means as thousand and giga, and UCUM does not."""
TRIGLYCERIDES_G_PER_MOL = Decimal("885.7")
EACH = sorted({(OWN_UNIT[analyte], spelling) for analyte, table in TABLES.items() for spelling in table})
FACTOR = {(OWN_UNIT[analyte], spelling): unit for analyte, table in TABLES.items() for spelling, unit in table.items()}
NOT_UCUM = frozenset(
    """
    x10*9/L x10^9/L x10E9/L x10e9/L 10E9/L x10E3/uL x10^3/uL 10E3/uL k/uL Giga/L Gpt/L thou/mm3 thou/uL Thousand/uL
    Tsd/uL 10\u00b3/uL 10\u2079/L x10*3/uL K/mcL x10(9)/L cells/uL cells/mm3 cells/cumm /cumm PMN/mm3 cells/mcL IU/L
    mL/min/1.73m2 mL/min/1.73_m2 mL/min/1.73m^2 mL/min/1.73m\u00b2 ml/min/1.73m2
    """.split()  # noqa: SIM905
) | {"mL/min/{1.73 m2}", "mL/min/1.73 m2", "mL/min/1.73 m^2", "mL/min/1.73 m\u00b2", "ml/min/1.73 m2"}
"""Spellings that are no UCUM at all: common in messages, and read by our tables alone."""


BY_MOLAR_MASS = ("mg/dL", "mmol/L")
COMPARED = [
    each
    for each in EACH
    if each[1] not in NOT_UCUM and each[1] not in LABORATORIES_MEAN_OTHERWISE and each != BY_MOLAR_MASS
]


@pytest.fixture(scope="module")
def ucum() -> Any:
    return ucumvert.PintUcumRegistry()


def test_every_table_is_compared() -> None:
    assert set(OWN_UNIT) == set(TABLES)
    # Tables of one unit do not differ, so that each pair below has one factor.
    assert all(FACTOR[OWN_UNIT[analyte], each] == unit for analyte in TABLES for each, unit in TABLES[analyte].items())


@pytest.mark.parametrize(("own", "spelling"), COMPARED)
def test_the_factor_is_that_of_ucum(ucum: Any, own: str, spelling: str) -> None:
    ours = FACTOR[own, spelling]
    for sent in (Decimal("0.5"), Decimal("37.7"), Decimal(1500)):
        theirs = ucum.Quantity(float(sent), ucum.from_ucum(spelling).units).to(ucum.from_ucum(own).units)
        assert float((sent - ours.minus) * ours.times / ours.over) == pytest.approx(theirs.magnitude, rel=1e-9)


@pytest.mark.parametrize("spelling", sorted(NOT_UCUM))
def test_what_is_not_compared_is_no_ucum(ucum: Any, spelling: str) -> None:
    with pytest.raises(ucumvert.InvalidUcumError):
        ucum.from_ucum(spelling)


@pytest.mark.parametrize(("spelling", "unit"), LABORATORIES_MEAN_OTHERWISE.items())
def test_what_is_exempt_means_something_else_to_ucum(ucum: Any, spelling: str, unit: str) -> None:
    assert unit in str(ucum.from_ucum(spelling).units)
    assert FACTOR["10*9/L", spelling] == FACTOR["10*9/L", "10*9/L"]


def test_triglycerides_in_moles_are_converted_by_their_molar_mass(ucum: Any) -> None:
    ours = FACTOR[BY_MOLAR_MASS]
    grams = (ucum.from_ucum("mmol/L") * float(TRIGLYCERIDES_G_PER_MOL) * ucum.from_ucum("g/mol")).to("mg/dL")
    assert float(ours.times / ours.over) == pytest.approx(grams.magnitude)
