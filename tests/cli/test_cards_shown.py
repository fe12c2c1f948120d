"""Cards on a terminal: hostile text is harmless, what is missing is bearable."""

import io

import pytest
from rich.console import Console

from cds_service.cli.card_panel import clean, console, show_answer, show_cards
from tests.cli.conftest import CARD


def shown(*cards: object) -> str:
    out = io.StringIO()
    show_cards(Console(file=out, width=100, force_terminal=False), list(cards))
    return out.getvalue()


@pytest.mark.parametrize(
    ("extension", "cards", "lines"),
    [
        ({}, [], ["No cards: the service has nothing to advise here."]),
        (
            {"mode": "silent"},
            [],
            ["The service is in silent mode: it evaluates, and shows no cards. This is no all-clear."],
        ),
        (
            {"withheld": [{"code": "a", "why": "shown-before"}, {"code": "b\x1b", "why": 7}, {}, 8]},
            [],
            ["Kept back by the service: a (shown before), b (7), ? (?). This is no all-clear."],
        ),
        ({"withheld": 7}, [], ["No cards: the service has nothing to advise here."]),
    ],
)
def test_an_empty_answer_is_told_apart_from_one_that_keeps_back(
    extension: dict[str, object], cards: list[object], lines: list[str]
) -> None:
    out = io.StringIO()
    response = {"cards": cards, "extension": {"org.anakinra-cds": extension}}
    show_answer(Console(file=out, width=100, force_terminal=False), response)
    assert out.getvalue().splitlines() == lines


def test_what_is_kept_back_is_told_under_the_cards() -> None:
    out = io.StringIO()
    extension = {"org.anakinra-cds": {"withheld": [{"code": "a", "why": "silent-code"}]}}
    show_answer(Console(file=out, width=100, force_terminal=False), {"cards": [CARD], "extension": extension})
    assert out.getvalue().splitlines()[-1].startswith("Kept back by the service: a (silent code).")
    assert "No cards" not in out.getvalue()


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"summary": None, "detail": None, "source": None, "links": None, "suggestions": None, "overrideReasons": None},
        {"summary": [], "detail": {}, "source": [], "links": {}, "suggestions": "x", "indicator": ["info"]},
        {"suggestions": [None, {"actions": [None, {}, {"resource": []}]}], "links": [7, {}], "overrideReasons": [{}]},
    ],
)
def test_a_broken_card_is_shown_as_far_as_it_goes(card: dict[str, object]) -> None:
    assert "(no summary)" in shown(card)
    assert "NO INDICATOR" in shown(card)


def test_what_is_no_card_is_left_out() -> None:
    assert shown("text", None) == ""


def test_terminal_codes_and_markup_are_text() -> None:
    hostile = "\x1b[2J[red]gone[/red]\u202e \x9b31m\x07"
    text = shown(CARD | {"summary": hostile, "detail": hostile, "source": {"label": hostile}})
    assert not set("\x1b\x9b\x07\u202e") & set(text)
    assert text.count("[red]gone[/red]") == 3


@pytest.mark.parametrize(
    ("given", "text"), [("a\tb\nc", "a\tb\nc"), ("\ud800x", "x"), ("a\u2066b", "ab"), (None, ""), (7, ""), ([], "")]
)
def test_clean(given: object, text: str) -> None:
    assert clean(given) == text


def test_a_link_that_opens_an_app_says_so() -> None:
    link = {"label": "Growth chart", "url": "https://app.example.org/launch", "type": "smart"}
    assert "Link: Growth chart (opens an app) https://app.example.org/launch" in shown(CARD | {"links": [link]})


@pytest.mark.parametrize(("indicator", "word"), [("critical", "CRITICAL"), ("warning", "WARNING"), ("info", "INFO")])
def test_the_indicator_is_a_word_too(indicator: str, word: str) -> None:
    assert word in shown(CARD | {"indicator": indicator})


def test_any_number_may_be_chosen() -> None:
    assert "Suggestions (choose any, or none):" in shown(CARD | {"selectionBehavior": "any"})


def test_lines_stay_readable_on_a_wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert console().width == 110
