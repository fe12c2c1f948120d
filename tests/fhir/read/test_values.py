"""Values: numbers no laboratory sends, limits, upper limits of normal, and what is shown as sent."""

import json
from typing import Any

import pytest

from tests.fhir.read.sheet import anc, bundle, coded, quantity, record_of, results_of


@pytest.mark.parametrize("number", ["1e999", "1e99999999999999", "1E-99999999", "-1e999", "1e9999999999999999999"])
def test_numbers_no_laboratory_sends_are_refused(number: str) -> None:
    sent = bundle(anc(valueQuantity=quantity(12345))).replace(b"12345", number.encode())
    (result,) = record_of(neutrophils=sent).results
    assert result.unusable in ("not a plausible number", "no number")


@pytest.mark.parametrize("number", ["1" * 39, "0." + "1" * 60, "0" + "1" * 5000])
def test_a_number_without_end_is_refused(number: str) -> None:
    sent = bundle(anc(valueQuantity=quantity(12345))).replace(b"12345", number.encode())
    assert not any(result.usable for result in record_of(neutrophils=sent).results)


@pytest.mark.parametrize(
    ("comparator", "value", "usable"),
    [
        ("<", 0.5, True),
        ("<", 0.1, True),
        ("<", 0.51, False),
        ("<=", 0.4, True),
        ("<=", 0.5, False),
        (">", 2.0, True),
        (">=", 2.0, True),
        (">", 1.9, False),
        (">=", 1.9, False),
    ],
)
def test_a_limit_counts_only_where_it_fixes_the_bin(comparator: str, value: float, usable: bool) -> None:
    (result,) = results_of(anc(valueQuantity=quantity(value, comparator=comparator)))
    assert (result.usable, result.comparator) == (usable, comparator)


def test_a_limit_is_judged_after_its_unit() -> None:
    (result,) = results_of(anc(valueQuantity=quantity(500, "/uL", comparator="<")))
    assert (result.usable, str(result.value), result.as_sent) == (True, "0.5", "<500 /uL")


def test_a_limit_of_another_result_is_kept_for_whoever_asks() -> None:
    (result,) = results_of(anc(code=coded("2276-4"), valueQuantity=quantity(5, "ug/L", comparator="<")))
    assert (result.usable, result.comparator, str(result.value)) == (True, "<", "5")


@pytest.mark.parametrize(
    ("ranges", "limit"),
    [
        ([{"high": quantity(40, "U/L")}], "40"),
        ([{"high": {"value": 40}}], "40"),
        ([{"low": quantity(5, "U/L")}, {"high": quantity(40, "IU/L")}], "40"),
        ([{"type": coded("therapeutic"), "high": quantity(99, "U/L")}, {"high": quantity(40, "U/L")}], "40"),
        ([{"type": coded("normal"), "high": quantity(40, "U/L")}], "40"),
        ([{"high": quantity(0.7, "ukat/L")}], None),
        ([{"high": quantity("40", "U/L")}], None),
        ([{"text": "< 40"}], None),
        (None, None),
    ],
)
def test_the_laboratorys_own_upper_limit(ranges: list[dict[str, Any]] | None, limit: str | None) -> None:
    (result,) = results_of(anc(code=coded("1742-6"), valueQuantity=quantity(90, "U/L"), referenceRange=ranges))
    assert (result.upper_limit is None) if limit is None else (str(result.upper_limit) == limit)


@pytest.mark.parametrize(
    ("changes", "as_sent"),
    [
        ({"valueQuantity": {"value": 960, "unit": "cells/\u00b5L", "code": "/uL"}}, "960 cells/\u00b5L"),
        ({"valueQuantity": {"value": 1.20}}, "1.2"),
        ({"valueQuantity": {"value": None, "unit": "10*9/L"}}, ""),
        ({"valueQuantity": None, "valueString": "clotted specimen"}, "clotted specimen"),
        ({"valueQuantity": None, "valueString": "x" * 500}, "x" * 40),
        ({"valueQuantity": None, "valueString": 7}, ""),
        ({"valueQuantity": quantity(0.4, comparator="<")}, "<0.4 10*9/L"),
        ({"valueQuantity": None}, ""),
    ],
)
def test_a_result_shows_what_was_sent(changes: dict[str, Any], as_sent: str) -> None:
    (result,) = results_of(anc(**changes))
    assert result.as_sent == as_sent


def test_a_text_that_is_not_utf_8_is_shown_as_nothing() -> None:
    sent = bundle(anc(valueQuantity=None, valueString="BAD")).replace(b"BAD", b"\xff")
    (result,) = record_of(neutrophils=sent).results
    assert (result.as_sent, result.unusable) == ("", "a text, no number")


def test_a_reason_for_absence_that_is_null_is_none() -> None:
    sent = bundle(anc(dataAbsentReason="NULL")).replace(b'"NULL"', b"null")
    assert record_of(neutrophils=sent).results[0].usable


def test_a_value_keeps_the_digits_it_was_sent_with() -> None:
    sent = json.dumps(anc()).replace("0.96", "0.960").encode()
    page = b'{"resourceType": "Bundle", "entry": [{"resource": ' + sent + b"}]}"
    assert str(record_of(neutrophils=page).results[0].value) == "0.960"
