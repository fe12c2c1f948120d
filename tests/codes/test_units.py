"""Units: every spelling of the closed tables, and everything that is refused."""

from decimal import Decimal

import pytest

from cds_service.codes.labs import ANALYTES, BY_LOINC, NEVER
from cds_service.codes.units import TABLES, normalise

BILLIONS = (
    "10*9/L", "10*3/uL", "10*3/mm3", "/nL", "10*3{cells}/uL", "10^9/L", "10*9.L-1", "x10*9/L", "x10^9/L", "x10E9/L",
    "x10e9/L", "10E9/L", "x10E3/uL", "x10^3/uL", "10^3/uL", "10E3/uL", "K/uL", "k/uL", "K/mm3", "G/L", "Giga/L",
    "Gpt/L", "thou/mm3", "thou/uL", "Thousand/uL", "Tsd/uL", "10\u00b3/uL", "10\u2079/L", "10*9/l", "G/l",
    "x10*3/uL", "10*3/ul", "K/mcL", "x10(9)/L",
)  # fmt: skip
MILLIONS = (
    "/uL", "/mm3", "{cells}/uL", "{#}/uL", "{cells}/mm3", "10*6/L", "10*3/mL", "cells/uL", "cells/mm3", "cells/cumm",
    "/cumm", "PMN/mm3", "/ul", "cells/mcL",
)  # fmt: skip
COUNTS = ("anc", "neutrophils-segmented", "neutrophils-band", "wbc", "platelets")


@pytest.mark.parametrize("analyte", COUNTS)
@pytest.mark.parametrize("unit", BILLIONS)
def test_a_count_in_billions_per_litre_stays_as_it_is(analyte: str, unit: str) -> None:
    assert normalise(analyte, Decimal("0.96"), unit, unit) == (Decimal("0.96"), "")


@pytest.mark.parametrize("analyte", COUNTS)
@pytest.mark.parametrize("unit", MILLIONS)
def test_a_count_in_millions_per_litre_is_a_thousandth(analyte: str, unit: str) -> None:
    value, reason = normalise(analyte, Decimal(960), None, unit)
    assert (str(value), reason) == ("0.96", "")


@pytest.mark.parametrize("micro", ["\u00b5", "\u03bc", " \u00b5"])
def test_both_micro_signs_and_blanks_around_a_unit_are_read(micro: str) -> None:
    spelling = f" K/{micro.strip()}L "
    assert normalise("anc", Decimal("1.2"), spelling, None) == (Decimal("1.2"), "")


@pytest.mark.parametrize(
    ("analyte", "sent", "unit", "is_"),
    [
        ("ferritin", "900", "ng/mL", "900"),
        ("ferritin", "900", "ug/L", "900"),
        ("ferritin", "900", "\u00b5g/L", "900"),
        ("alt", "48", "IU/L", "48"),
        ("ast", "48", "U/L", "48"),
        ("triglycerides", "2", "mmol/L", "177.14"),
        ("triglycerides", "156", "mg/dL", "156"),
        ("fibrinogen", "3.6", "g/L", "360"),
        ("fibrinogen", "360", "mg/dL", "360"),
        ("crp", "10.3", "mg/dL", "103"),
        ("crp", "103", "mg/L", "103"),
        ("hemoglobin", "104", "g/L", "10.4"),
        ("hemoglobin", "10.4", "g/dL", "10.4"),
        ("weight", "12500", "g", "12.5"),
        ("weight", "100", "[lb_av]", "45.359237"),
        ("weight", "30", "kg", "30"),
        ("temperature", "100.4", "[degF]", "38"),
        ("temperature", "100.94", "[degF]", "38.3"),
        ("temperature", "38.3", "Cel", "38.3"),
        ("egfr", "29", "mL/min/{1.73_m2}", "29"),
        ("egfr", "29", "mL/min/1.73m2", "29"),
        ("egfr", "29", "mL/min/1.73 m\u00b2", "29"),
        ("creatinine", "1.1", "mg/dL", "1.1"),
        ("neutrophils-percent", "45", "%", "45"),
    ],
)
def test_other_results_come_in_their_own_unit(analyte: str, sent: str, unit: str, is_: str) -> None:
    value, reason = normalise(analyte, Decimal(sent), unit, unit)
    assert (str(value), reason) == (is_, "")


def test_a_zero_below_zero_is_written_as_zero() -> None:
    assert str(normalise("anc", Decimal("-0.0"), "10*9/L", None)[0]) == "0.0"


@pytest.mark.parametrize(
    ("why", "analyte", "value", "code", "unit"),
    [
        ("unit not known", "anc", "45", "%", "%"),
        ("unit not known", "anc", "45", None, "%"),
        ("unit not known", "anc", "1.2", None, "10*12/L"),
        ("unit not known", "anc", "1.2", None, "k/ul"),  # case counts
        ("unit not known", "anc", "1.2", None, "mmol/L"),
        ("unit not known", "anc", "1.2", "10*12/L", "10*9/L"),  # the coded unit decides
        ("unit not known", "creatinine", "97", "umol/L", "umol/L"),
        ("unit not known", "ferritin", "1", None, "mg/L"),
        ("unit not known", "temperature", "38", None, "C"),
        ("no unit", "anc", "1.2", None, None),
        ("no unit", "anc", "1.2", "", ""),
        ("no unit", "anc", "1.2", None, "  "),
        ("coded unit and printed unit differ", "anc", "1200", "10*3/uL", "/uL"),
        ("coded unit and printed unit differ", "anc", "1.2", "/uL", "K/uL"),
        ("coded unit and printed unit differ", "anc", "40", "10*9/L", "%"),
        ("negative value", "anc", "-0.1", "10*9/L", None),
        ("negative value", "platelets", "-1", "10*9/L", None),
        ("implausibly high: above 100", "anc", "100.1", "10*9/L", None),
        ("implausibly high: above 100", "anc", "1200", "10*9/L", None),
        ("implausibly high: above 100", "neutrophils-percent", "101", "%", None),
        ("a value of zero", "weight", "0", "kg", None),
        ("not a plausible number", "wbc", "1E+999", "10*9/L", None),
        ("not a plausible number", "wbc", "1E-999", "10*9/L", None),
        ("not a plausible number", "anc", "NaN", "10*9/L", None),
        ("not a plausible number", "anc", "Infinity", "10*9/L", None),
    ],
)
def test_everything_else_is_refused(why: str, analyte: str, value: str, code: str | None, unit: str | None) -> None:
    assert normalise(analyte, Decimal(value), code, unit) == (None, why)


@pytest.mark.parametrize(
    ("code", "unit"), [("10*3/uL", "10*9/L"), ("10*3/uL", "thousand per microlitre"), ("K/uL", None), (None, "K/uL")]
)
def test_a_coded_unit_and_a_printed_one_that_agree_or_cannot_disagree(code: str | None, unit: str | None) -> None:
    assert normalise("anc", Decimal("1.2"), code, unit) == (Decimal("1.2"), "")


def test_a_count_of_zero_and_of_exactly_100_are_counts() -> None:
    assert normalise("anc", Decimal(0), "/uL", None) == (Decimal(0), "")
    assert normalise("anc", Decimal(100), "10*9/L", None) == (Decimal(100), "")


def test_a_conversion_adds_no_digits_and_loses_none() -> None:
    assert str(normalise("anc", Decimal("2000"), "/uL", None)[0]) == "2"
    assert str(normalise("platelets", Decimal("230000"), "/uL", None)[0]) == "230"
    assert str(normalise("anc", Decimal("1.50"), "10*9/L", None)[0]) == "1.50"


def test_every_analyte_has_units_and_codes_of_its_own() -> None:
    assert set(TABLES) == set(ANALYTES)
    assert not NEVER & set(BY_LOINC)
    assert "35039-7" in NEVER
    assert sum(len(analyte.codes) for analyte in ANALYTES.values()) == len(BY_LOINC)
