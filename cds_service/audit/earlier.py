"""What is asked about earlier cards, and what is known of them."""

from datetime import datetime
from typing import NamedTuple


class Advice(NamedTuple):
    """An advice code, and the key of the evidence it rests on."""

    code: str
    evidence: str


class Earlier(NamedTuple):
    """The latest time a card was shown, and the latest time it was overridden; None for never."""

    shown: datetime | None = None
    overridden: datetime | None = None


class Span(NamedTuple):
    """From an instant to another, both included."""

    since: datetime
    until: datetime
