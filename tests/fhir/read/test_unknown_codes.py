"""Results among the neutrophil counts whose code is not known: which may be counts, and are then in doubt."""

from typing import Any

import pytest

from tests.fhir.read.sheet import anc, bundle, coded, quantity, record_of, results_of

LOINC = "http://loinc.org"
LOCAL: dict[str, Any] = {"coding": [{"system": "urn:local", "code": "123"}]}


def unknown(code: Any, **changes: Any) -> list[tuple[str, str]]:
    """What is read of a result without a known code, and why it cannot be used."""
    return [(each.analyte, each.unusable) for each in results_of(anc(code=code, **changes))]


@pytest.mark.parametrize(
    "code",
    [
        {"text": "Neutrophils"},
        {"coding": [], "text": "Absolute neutrophil count"},
        {"coding": [{"system": "urn:local", "code": "NEUT", "display": "NEUT# (abs)"}]},
        {"coding": [{"system": LOINC, "code": "751-9", "display": "ANC"}]},
        LOCAL | {"text": "Polynucl\u00e9aires neutrophiles"},
        LOCAL | {"text": "Neutr\u00f3filos"},
        LOCAL | {"text": "NE#"},
        LOCAL | {"text": "PNN"},
        LOCAL | {"text": "Absolute Neut Count (from manual % diff)"},
    ],
)
def test_a_count_by_its_text_alone_cannot_be_used(code: Any) -> None:
    assert unknown(code) == [("anc", "its code is not known")]


@pytest.mark.parametrize(
    "code",
    [
        None,
        {},
        {"coding": []},
        {"text": " "},
        LOCAL,
        coded("751-9"),
        coded("00751-8"),
        coded(""),
        coded("7518"),
        {"coding": [{}]},
    ],
)
def test_a_result_of_which_nothing_tells_what_it_is_may_be_a_count(code: Any) -> None:
    assert unknown(code) == [("anc", "nothing tells which test it is")]


@pytest.mark.parametrize("text", ["Granulozyten", "Gran#", "Poly #", "AGC", "A.N.C.", "\u597d\u4e2d\u7403"])
def test_a_count_of_cells_whose_text_names_no_others_may_be_a_count(text: str) -> None:
    assert unknown(LOCAL | {"text": text}) == [("anc", "nothing tells which test it is")]


OTHER_CELLS = [
    "WBC", "Leukozyten", "Leucocitos", "Lymphocytes abs.", "LYM#", "Linfociti", "Monocytes", "Eosinophile Granulozyten",
    "EO#", "Basophils", "Platelet count", "PLT", "Plaquettes", "Plaquetas", "Trombociti", "RBC", "Erythrozyten",
    "Eritrociti", "Red cells", "Reticulocytes", "Retikulozyten", "Immature granulocytes", "IG#", "Bands", "Stabkernige",
    "Blasts", "Myelocytes", "nRBC", "CD4+ T cells", "NK cells",
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        (LOCAL | {"text": "Sodium"}, {"valueQuantity": quantity(140, "mmol/L")}),
        (LOCAL | {"text": "Neutrophils %"}, {"valueQuantity": {"value": 61}}),
        (LOCAL | {"text": "Neutrophils/100 leukocytes"}, {"valueQuantity": {"value": 61}}),
        *((LOCAL | {"text": other}, {}) for other in OTHER_CELLS),
        (LOCAL | {"text": "Neutrophils"}, {"valueQuantity": quantity(61, "%")}),
        ({"text": "Neutrophil cytoplasmic antibody (ANCA)"}, {}),
        (coded("2951-2") | {"text": "Neutrophils, says the text"}, {}),
        (LOCAL, {"status": "entered-in-error"}),
        (LOCAL, {"valueQuantity": quantity(61, "%")}),
        (LOCAL, {"subject": {"reference": "Patient/other"}}),
    ],
)
def test_results_of_other_tests_are_no_count(code: Any, changes: Any) -> None:
    assert unknown(code, **changes) == []


@pytest.mark.parametrize("code", [LOCAL, {"text": "Neutrophils"}])
def test_a_count_without_a_known_code_may_be_pending(code: Any) -> None:
    (result,) = results_of(anc(code=code, status="preliminary"))
    assert (result.pending, result.unusable) == (True, "")


WHITE = {"code": coded("6690-2"), "valueQuantity": quantity(3.1)}


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"code": coded("751-8")}, "no value"),
        ({"code": {"text": "Neutrophils"}}, "its code is not known"),
        ({"code": LOCAL}, "nothing tells which test it is"),
        ({}, "nothing tells which test it is"),
        ({"code": {"text": "Lymphocytes"}}, None),
    ],
)
def test_a_part_of_a_panel_without_a_known_code(part: Any, why: str | None) -> None:
    read = unknown(coded("58410-2"), valueQuantity=None, component=[WHITE, part])
    assert read == [("wbc", ""), *([("anc", why)] if why is not None else [])]


def test_codes_are_doubted_only_among_what_was_asked_for_as_counts() -> None:
    record = record_of(labs=bundle(anc(code={"text": "Neutrophils"}), anc(code=None, id="2")))
    assert (record.results, record.completeness["labs"].complete) == ((), True)
