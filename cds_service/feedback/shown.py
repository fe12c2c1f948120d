"""Which cards an answer shows: all that is kept of a hook call, and nothing of the patient.

``shown_cards`` reads them out of the answer's bytes, which the log needs anyway: one decoding for both.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec


class ShownSuggestion(msgspec.Struct, gc=False):
    uuid: str = ""
    label: str = ""


class _Topic(msgspec.Struct, gc=False):
    code: str = ""


class _Source(msgspec.Struct, gc=False):
    topic: _Topic


class ShownCard(msgspec.Struct, gc=False):
    """One card as it left: its uuid ("" where it has none), indicator, advice code and what it offered."""

    source: _Source
    uuid: str = ""
    indicator: str = ""
    suggestions: Sequence[ShownSuggestion] = ()

    @property
    def code(self) -> str:
        """The advice code."""
        return self.source.topic.code


class _Answer(msgspec.Struct):
    cards: list[ShownCard]


class Answered(NamedTuple):
    """The cards of one answer: which service showed them, and when."""

    service_id: str
    hook: str
    at: datetime
    cards: Sequence[ShownCard]


_ANSWER = msgspec.json.Decoder(_Answer)


def shown_cards(body: bytes) -> list[ShownCard]:
    """The cards in the body of a hook call's 200."""
    return _ANSWER.decode(body).cards
