"""Observations: what becomes a usable result, and why anything else does not."""

from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.read.sheet import anc, coded, quantity, results_of

LOINC = "http://loinc.org"


def test_a_final_count_is_usable_with_its_date_and_source() -> None:
    (result,) = results_of(anc(issued="2026-11-22T08:10:00Z", specimen={"reference": "Specimen/s1"}))
    assert result.usable
    assert (result.analyte, str(result.value), result.source) == ("anc", "0.96", "Observation/anc-1")
    assert (result.when.at.isoformat(), result.when.exact) == ("2026-11-22T08:00:00+00:00", True)
    assert (result.specimen, result.as_sent, result.date_is_issued) == ("Specimen/s1", "0.96 10*9/L", False)
    assert result.issued.isoformat() == "2026-11-22T08:10:00+00:00"


@pytest.mark.parametrize("specimen", [{"reference": "#s1"}, {"display": "Blood"}, {"reference": ""}, {}])
def test_a_specimen_that_tells_nothing_outside_of_its_result(specimen: dict[str, str]) -> None:
    (result,) = results_of(anc(specimen=specimen))
    assert result.specimen == ""


@pytest.mark.parametrize(
    ("status", "read"),
    [
        ("final", "usable"),
        ("amended", "usable"),
        ("corrected", "usable"),
        ("preliminary", "pending"),
        ("registered", "pending"),
        ("entered-in-error", "ignored"),
        ("cancelled", "ignored"),
        ("unknown", "ignored"),
        ("bogus", "its status is missing or not known"),
        (None, "its status is missing or not known"),
    ],
)
def test_a_status(status: str | None, read: str) -> None:
    results = results_of(anc(status=status))
    if read == "ignored":
        assert results == ()
        return
    (result,) = results
    assert ("usable" if result.usable else "pending" if result.pending else result.unusable) == read


@pytest.mark.parametrize(
    ("code", "analyte", "manual"),
    [
        ("751-8", "anc", False),
        ("26499-4", "anc", False),
        ("753-4", "anc", True),
        ("30451-9", "neutrophils-segmented", False),
        ("768-2", "neutrophils-segmented", False),
        ("26507-4", "neutrophils-band", False),
        ("763-3", "neutrophils-band", False),
        ("30229-9", "neutrophils-band", False),
        ("6690-2", "wbc", False),
        ("777-3", "platelets", False),
    ],
)
def test_a_code(code: str, analyte: str, manual: bool) -> None:
    (result,) = results_of(anc(code=coded(code)))
    assert (result.analyte, result.manual, result.usable) == (analyte, manual, True)


@pytest.mark.parametrize("code", ["35039-7", "752-6", "762-5", "764-1", "26508-2", "769-0", "58410-2", "2951-2"])
def test_codes_that_never_stand_for_neutrophils_yield_nothing(code: str) -> None:
    assert results_of(anc(code=coded(code))) == ()


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("http://loinc.org/", "751-8"),
        ("https://loinc.org", "751-8"),
        ("HTTP://LOINC.ORG", "751-8"),
        ("http://loinc.org|2.77", "751-8"),
        (" http://loinc.org\n", "751-8"),
        ("urn:oid:2.16.840.1.113883.6.1", "751-8"),
        (LOINC, " 751-8\n"),
    ],
)
def test_a_code_in_odd_spelling(system: str, code: str) -> None:
    (result,) = results_of(anc(code=coded(code, system)))
    assert (result.analyte, result.usable) == ("anc", True)


@pytest.mark.parametrize("system", [None, "", " ", "LOINC", "LN", "http://www.loinc.org", "urn:oid:1.2.3", "urn:local"])
@pytest.mark.parametrize("also", [[], [{"system": "urn:local", "code": "NEUT"}]])
def test_the_code_of_a_count_without_a_known_system_cannot_be_used(system: str | None, also: Any) -> None:
    (result,) = results_of(anc(code={"coding": [{"system": system, "code": "751-8"}, *also]}))
    assert (result.analyte, result.value) == ("anc", None)
    assert result.unusable == "the system of its code is missing or not known"


def test_the_code_of_a_count_in_another_system_is_another_code() -> None:
    codings = [{"system": "http://snomed.info/sct", "code": "751-8"}, {"system": LOINC, "code": "2951-2"}]
    assert results_of(anc(code={"coding": codings})) == ()


@pytest.mark.parametrize("other", ["35039-7", "770-8", "6690-2", "764-1"])
@pytest.mark.parametrize("first", [True, False])
def test_codings_that_contradict_one_another_spoil_the_count(other: str, first: bool) -> None:
    codings = [{"system": LOINC, "code": "751-8"}, {"system": LOINC, "code": other}]
    (result,) = results_of(anc(code={"coding": codings if first else codings[::-1]}))
    assert (result.analyte, result.unusable, result.value) == ("anc", "its codes contradict one another", None)


def test_two_codes_of_the_same_analyte_agree() -> None:
    codings = [{"system": LOINC, "code": "751-8"}, {"system": LOINC, "code": "753-4"}, {"code": "NEUT"}]
    (result,) = results_of(anc(code={"coding": codings}))
    assert (result.usable, result.manual) == (True, True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"valueQuantity": None}, "no value"),
        ({"valueQuantity": None, "valueString": "clotted"}, "a text, no number"),
        ({"valueQuantity": None, "valueCodeableConcept": coded("260415000")}, "a coded value, no number"),
        ({"valueQuantity": None, "dataAbsentReason": coded("unknown")}, "no value: the laboratory says it is missing"),
        (
            {"valueQuantity": quantity("x"), "dataAbsentReason": coded("error")},
            "no value: the laboratory says it is missing",
        ),
        ({"dataAbsentReason": coded("error")}, "no value: the laboratory says it is missing"),
        ({"valueQuantity": {"unit": "10*9/L"}}, "no number"),
        ({"valueQuantity": quantity(None)}, "no number"),
        ({"valueQuantity": quantity("1.2")}, "no number"),
        ({"valueQuantity": quantity("NaN")}, "no number"),
        ({"valueQuantity": quantity(True)}, "no number"),
        ({"valueQuantity": quantity([1.2])}, "no number"),
        ({"valueQuantity": quantity(0.96, None)}, "no unit"),
        ({"valueQuantity": quantity(12, "%")}, "unit not known"),
        ({"valueQuantity": quantity(-1)}, "negative value"),
        ({"valueQuantity": quantity(960)}, "implausibly high: above 100"),
        ({"valueQuantity": quantity(0.96, comparator="~")}, "its comparator is not known"),
        ({"valueQuantity": quantity(1.0, comparator="<")}, "known only as a limit, which leaves the range open"),
        ({"effectiveDateTime": None}, "no date"),
        ({"effectiveDateTime": "2026-11"}, "only the month or year is given"),
        ({"effectiveDateTime": "2026"}, "only the month or year is given"),
        ({"effectiveDateTime": "last week"}, "its date is malformed"),
        ({"effectiveDateTime": "2026-11-24T08:14:00Z"}, "dated in the future"),
        ({"effectiveDateTime": None, "effectiveTiming": {"event": []}}, "dated only by a timing"),
        ({"effectiveDateTime": None, "effectivePeriod": {"start": "2026-11-22"}}, "no date"),
    ],
)
def test_what_makes_a_result_unusable(changes: dict[str, Any], why: str) -> None:
    (result,) = results_of(anc(**changes))
    assert (result.unusable, result.usable) == (why, False)


def test_components_are_results_of_their_own() -> None:
    component = [
        {"code": coded("770-8"), "valueQuantity": quantity(12, "%")},
        {"code": coded("6690-2"), "valueQuantity": quantity(8)},
        {"code": coded("751-8"), "valueString": "see comment"},
        {"code": coded("2951-2")},
    ]
    results = results_of(anc(code=coded("57021-8"), valueQuantity=None, component=component))
    assert [(each.analyte, each.usable) for each in results] == [
        ("neutrophils-percent", True),
        ("wbc", True),
        ("anc", False),
    ]
    assert {each.source for each in results} == {"Observation/anc-1"}


def test_a_panel_with_the_code_of_its_component_is_one_result_not_two() -> None:
    component = [{"code": coded("751-8"), "valueQuantity": quantity(1.2)}]
    (result,) = results_of(anc(valueQuantity=None, component=component))
    assert result.value == Decimal("1.2")


def test_a_count_without_value_is_not_saved_by_a_component_of_something_else() -> None:
    component = [{"code": coded("770-8"), "valueQuantity": quantity(12, "%")}]
    results = results_of(anc(valueQuantity=None, component=component))
    assert [(each.analyte, each.unusable) for each in results] == [("anc", "no value"), ("neutrophils-percent", "")]


def test_what_no_rule_reads_is_no_fact() -> None:
    assert results_of(anc(code=coded("1988-5")), anc(id="2", code=coded("2160-0"))) == ()


def test_what_no_rule_reads_still_contradicts_a_neutrophil_count() -> None:
    codings = [*coded("751-8")["coding"], *coded("1988-5")["coding"]]
    for order in (codings, codings[::-1]):
        (result,) = results_of(anc(code={"coding": order}))
        assert (result.analyte, result.unusable) == ("anc", "its codes contradict one another")
