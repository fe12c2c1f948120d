"""Units of each analyte: closed tables, exact decimals, and a reason wherever a number is refused.

A unit library would be a trap here: UCUM reads ``K/uL`` as kelvin per microlitre and ``G/L`` as gauss per litre.
A unit is never inferred from the size of a number. Source: clinical specification 0.3, section 2.
"""

from decimal import Decimal
from typing import NamedTuple

from cds_service.codes.labs import COUNTS_OF_NEUTROPHILS


class Unit(NamedTuple):
    """How a number becomes the analyte's own unit: (number - ``minus``) * ``times`` / ``over``."""

    times: Decimal = Decimal(1)
    over: Decimal = Decimal(1)
    minus: Decimal = Decimal(0)


AS_IT_IS = Unit()
THOUSANDTH = Unit(over=Decimal(1000))

_BILLIONS_PER_LITRE = (
    "10*9/L 10*3/uL 10*3/mm3 /nL 10*3{cells}/uL 10^9/L 10*9.L-1 x10*9/L x10^9/L x10E9/L x10e9/L 10E9/L x10E3/uL "
    "x10^3/uL 10^3/uL 10E3/uL K/uL k/uL K/mm3 G/L Giga/L Gpt/L thou/mm3 thou/uL Thousand/uL Tsd/uL "
    "10\N{SUPERSCRIPT THREE}/uL 10\N{SUPERSCRIPT NINE}/L 10*9/l G/l x10*3/uL 10*3/ul K/mcL x10(9)/L"
)
_MILLIONS_PER_LITRE = (
    "/uL /mm3 {cells}/uL {#}/uL {cells}/mm3 10*6/L 10*3/mL cells/uL cells/mm3 cells/cumm /cumm PMN/mm3 /ul cells/mcL"
)


def _same(*spellings: str) -> dict[str, Unit]:
    return dict.fromkeys(spellings, AS_IT_IS)


CELL_COUNT = _same(*_BILLIONS_PER_LITRE.split()) | dict.fromkeys(_MILLIONS_PER_LITRE.split(), THOUSANDTH)
_ENZYME = _same("U/L", "IU/L")

TABLES: dict[str, dict[str, Unit]] = {
    **dict.fromkeys(("anc", "neutrophils-segmented", "neutrophils-band", "wbc", "platelets"), CELL_COUNT),
    "neutrophils-percent": _same("%"),
    "hemoglobin": {**_same("g/dL"), "g/L": Unit(over=Decimal(10))},
    "crp": {**_same("mg/L"), "mg/dL": Unit(times=Decimal(10))},
    "ferritin": _same("ug/L", "ng/mL"),
    "alt": _ENZYME,
    "ast": _ENZYME,
    "triglycerides": {**_same("mg/dL"), "mmol/L": Unit(times=Decimal("88.57"))},
    "fibrinogen": {**_same("mg/dL"), "g/L": Unit(times=Decimal(100))},
    "creatinine": _same("mg/dL"),
    "egfr": _same(
        "mL/min/{1.73_m2}", "mL/min/{1.73m2}", "mL/min/{1.73 m2}", "mL/min/1.73m2", "mL/min/1.73 m2", "mL/min/1.73_m2",
        "mL/min/1.73m^2", "mL/min/1.73 m^2", "mL/min/1.73m\N{SUPERSCRIPT TWO}", "mL/min/1.73 m\N{SUPERSCRIPT TWO}",
        "ml/min/{1.73_m2}", "ml/min/1.73m2", "ml/min/1.73 m2",
    ),
    "temperature": {**_same("Cel"), "[degF]": Unit(Decimal(5), Decimal(9), Decimal(32))},
    "weight": {**_same("kg"), "g": Unit(over=Decimal(1000)), "[lb_av]": Unit(times=Decimal("0.45359237"))},
}  # fmt: skip

_CEILING = {**dict.fromkeys(COUNTS_OF_NEUTROPHILS, Decimal(100)), "neutrophils-percent": Decimal(100)}
_NEVER_ZERO = frozenset({"temperature", "weight", "egfr", "hemoglobin"})
_MICRO = str.maketrans({"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u"})
_DIGITS = 12
"""Numbers beyond 10**12 or below 10**-12 are no result; arithmetic on them could overflow."""


def unit_of(analyte: str, code: str | None, spelling: str | None) -> tuple[Unit | None, str]:
    """The unit of a quantity, from its coded unit (``code``) and its printed one; or None and the reason."""
    table = TABLES[analyte]
    if not code:
        unit = _look_up(table, spelling) if spelling else None
        return unit, "" if unit else "unit not known" if spelling and spelling.strip() else "no unit"
    unit = table.get(code) or _look_up(table, code)
    if unit is None:
        return None, "unit not known"
    if not spelling or spelling == code:
        return unit, ""
    printed = _look_up(table, spelling)
    if printed == unit or (printed is None and spelling.strip() != "%"):
        return unit, ""
    return None, "coded unit and printed unit differ"


def normalise(analyte: str, value: Decimal, code: str | None, spelling: str | None) -> tuple[Decimal | None, str]:
    """The value in the analyte's own unit; or None and the reason it is refused."""
    unit, reason = unit_of(analyte, code, spelling)
    if unit is None:
        return None, reason
    if not (value.is_finite() and -_DIGITS < value.adjusted() < _DIGITS):
        return None, "not a plausible number"
    if unit is not AS_IT_IS:
        value = _tidy((value - unit.minus) * unit.times / unit.over)
    if not value:
        return (None, "a value of zero") if analyte in _NEVER_ZERO else (abs(value), "")  # -0 is written "0"
    if value.is_signed():
        return None, "negative value"
    ceiling = _CEILING.get(analyte)
    if ceiling is not None and value > ceiling:
        return None, "implausibly high: above 100"
    return value, ""


def _look_up(table: dict[str, Unit], spelling: str) -> Unit | None:
    return table.get(spelling) or table.get(_plain(spelling))


def _plain(spelling: str) -> str:
    return spelling.strip().translate(_MICRO)


def _tidy(value: Decimal) -> Decimal:
    """960 /uL is 0.96, not 0.960: digits that only the conversion added say nothing."""
    short = value.normalize()
    return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator]
