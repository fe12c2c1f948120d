"""Which cards leave, by mode, code and what was shown before; and what the answer says of it."""

from typing import Any

import pytest

from cds_service.switches.discretion import EVERYTHING, Discretion, Mode, strictest


def card(code: str) -> dict[str, Any]:
    return {"source": {"topic": {"code": code}}}


CARDS = [card("hold-anakinra"), card("not-assessed"), card("renal-dose")]
SHOWN = {0: "shown-before", 2: "overridden-before"}
HOLD_SILENT: dict[str, Mode] = {"hold-anakinra": "silent"}

# The discretion; why each card stays; what the answer says.
TABLE = [
    (EVERYTHING, {}, {}),
    (Discretion("silent"), dict.fromkeys(range(3), "silent-mode"), {"mode": "silent"}),
    (
        Discretion(codes=HOLD_SILENT),
        {0: "silent-code"},
        {"withheld": [{"code": "hold-anakinra", "why": "silent-code"}]},
    ),
    (
        Discretion(repeats=lambda _: SHOWN),
        SHOWN,
        {
            "withheld": [
                {"code": "hold-anakinra", "why": "shown-before"},
                {"code": "renal-dose", "why": "overridden-before"},
            ]
        },
    ),
    (
        Discretion(codes=HOLD_SILENT, repeats=lambda _: {0: "shown-before"}),
        {0: "silent-code"},
        {"withheld": [{"code": "hold-anakinra", "why": "silent-code"}]},
    ),
    (
        Discretion("silent", HOLD_SILENT, lambda _: SHOWN),
        {0: "silent-code", 1: "silent-mode", 2: "silent-mode"},
        {"mode": "silent"},
    ),
]


@pytest.mark.parametrize(("discretion", "withheld", "told"), TABLE)
def test_what_stays_and_what_is_said(discretion: Discretion, withheld: dict[int, str], told: dict[str, Any]) -> None:
    assert discretion.withholds(CARDS) == withheld
    assert discretion.told(CARDS, withheld) == told


def test_an_answer_without_cards_has_nothing_to_keep_back() -> None:
    discretion = Discretion(codes=HOLD_SILENT, repeats=lambda _: SHOWN)
    assert discretion.withholds([]) == {}
    assert discretion.told([], {}) == {}
    assert Discretion("silent").told([], {}) == {"mode": "silent"}


def test_repeats_are_not_asked_for_in_silent_mode() -> None:
    def asked(_: object) -> dict[int, str]:
        raise AssertionError

    assert Discretion("silent", repeats=asked).withholds(CARDS)


@pytest.mark.parametrize(
    ("modes", "strict"),
    [(("active", "active"), "active"), (("silent", "active"), "silent"), (("silent", "off"), "off")],
)
def test_the_stricter_counts(modes: tuple[Mode, Mode], strict: Mode) -> None:
    one, other = modes
    assert strictest(one, other) == strictest(other, one) == strict
    both = Discretion(one, {"a": one, "b": "off"}).and_also(Discretion(other, {"a": other, "c": "silent"}))
    assert both == Discretion(strict, {"a": strict, "b": "off", "c": "silent"})
    assert both.off == {"b"} | ({"a"} if strict == "off" else set())
