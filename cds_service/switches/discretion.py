"""What one call must not show, and why: its mode, advice codes that are not active, cards that are repeats."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

Mode = Literal["active", "silent", "off"]
ACTIVE: Final = "active"
SILENT: Final = "silent"
OFF: Final = "off"
MODES: tuple[Mode, ...] = (ACTIVE, SILENT, OFF)
"""The strictest last."""

SILENT_MODE: Final = "silent-mode"
SILENT_CODE: Final = "silent-code"
SHOWN_BEFORE: Final = "shown-before"
OVERRIDDEN_BEFORE: Final = "overridden-before"
WHY: Final = {
    SILENT_MODE: "silent mode",
    SILENT_CODE: "this advice is silent",
    SHOWN_BEFORE: "the same was shown a short time before",
    OVERRIDDEN_BEFORE: "the same was overridden before",
}
"""Why a card that was written did not leave: in the answer, the audit and the metrics; and in words."""

Card = Mapping[str, Any]
Withheld = Mapping[int, str]
"""By the position of a card: why it did not leave."""


def _nothing(_: Sequence[Card]) -> Withheld:
    return {}


class Discretion(NamedTuple):
    """``codes``: those that are silent or off; any other is active. ``repeats`` tells which cards are repeats."""

    mode: Mode = ACTIVE
    codes: Mapping[str, Mode] = {}
    repeats: Callable[[Sequence[Card]], Withheld] = _nothing

    def and_also(self, other: "Discretion") -> "Discretion":
        """The stricter of both, in each."""
        if other == EVERYTHING:
            return self
        codes = dict(self.codes)
        for code, mode in other.codes.items():
            codes[code] = strictest(mode, codes.get(code, ACTIVE))
        return self._replace(mode=strictest(self.mode, other.mode), codes=codes)

    def withholds(self, cards: Sequence[Card]) -> Withheld:
        """Which of the cards must not leave. A code that is off has none here: it was never written."""
        if not cards or (self.mode == ACTIVE and not self.codes and self.repeats is _nothing):
            return {}
        found = {at: SILENT_CODE for at, card in enumerate(cards) if self.codes.get(code_of(card)) == SILENT}
        if self.mode == SILENT:
            return dict.fromkeys(range(len(cards)), SILENT_MODE) | found
        return {**self.repeats(cards), **found}

    def told(self, cards: Sequence[Card], withheld: Withheld) -> dict[str, Any]:
        """What the answer's extension says of it: an empty list of cards must not look like "all clear"."""
        if self.mode != ACTIVE:
            return {"mode": self.mode}
        left_out = [{"code": code_of(cards[at]), "why": why} for at, why in sorted(withheld.items())]
        return {"withheld": left_out} if left_out else {}

    @property
    def off(self) -> frozenset[str]:
        """The codes whose advice must not be given."""
        return frozenset(code for code, mode in self.codes.items() if mode == OFF)


EVERYTHING = Discretion()
"""Nothing is kept back."""


def strictest(*modes: Mode) -> Mode:
    """Of "active", "silent" and "off", the last."""
    return max(modes, key=MODES.index)


def code_of(card: Card) -> str:
    """The advice code of a card that this service wrote."""
    return str(card["source"]["topic"]["code"])
