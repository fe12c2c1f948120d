"""How a card's sentence is filled."""

import pytest

from cds_service.advice.template import TemplateError, parse_template


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("Plain words.", {}, "Plain words."),
        ("ANC {anc} on anakinra", {"anc": "0.96"}, "ANC 0.96 on anakinra"),
        ("{drug} can lower neutrophils", {"drug": "methotrexate"}, "Methotrexate can lower neutrophils"),
        ("eGFR {egfr}: low", {"egfr": "24"}, "eGFR 24: low"),
        ("held[ since {hold_date}].", {"hold_date": "18 Nov 2026"}, "held since 18 Nov 2026."),
        ("held[ since {hold_date}].", {}, "held."),
        ("held[ since {hold_date}].", {"hold_date": ""}, "held."),
        ("held[, last {anc} on {date}].", {"anc": "0.96"}, "held."),
        ("[{analyte} is {ratio}. ]Look.", {}, "Look."),
        ("{anc}", {"anc": "<b>0.9</b> {drug}"}, "<b>0.9</b> {drug}"),
        ("", {}, ""),
    ],
)
def test_template_is_filled(text: str, values: dict[str, str], filled: str) -> None:
    assert parse_template(text).fill(values) == filled


def test_required_and_optional_placeholders_are_told_apart() -> None:
    template = parse_template("{anc} and[ {date}][ {anc}]")
    assert template.required == {"anc"}
    assert template.optional == {"date"}


def test_missing_required_value_is_our_fault() -> None:
    with pytest.raises(KeyError, match="anc"):
        parse_template("ANC {anc}").fill({})


@pytest.mark.parametrize("text", ["{}", "{ANC}", "{anc", "anc}", "[x", "x]", "[{anc} [{date}]]", "[no value]", "{nil}"])
def test_unreadable_template_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(text)
