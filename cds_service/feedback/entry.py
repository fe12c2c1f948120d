"""What one clinician did with one card, as a CDS client reports it (https://cds-hooks.hl7.org/2.0/#feedback)."""

from datetime import datetime
from typing import NamedTuple

ACCEPTED = "accepted"
OVERRIDDEN = "overridden"
OUTCOMES = (ACCEPTED, OVERRIDDEN)
"""A card that is ignored is never reported."""


class Reason(NamedTuple):
    """An override reason: the code that was chosen, in its system."""

    code: str
    system: str


class Entry(NamedTuple):
    """One report. ``at`` is in UTC; ``suggestions`` are the ids of the accepted ones, each once; ``comment`` may be "".

    Its repr hides the comment, which is free text about a patient.
    """

    card: str
    outcome: str
    at: datetime
    suggestions: tuple[str, ...] = ()
    reason: Reason | None = None
    comment: str = ""

    def __repr__(self) -> str:
        return f"Entry({self.card!r}, {self.outcome!r})"


class Saved(NamedTuple):
    """What became of a batch: how many reports were new, and how many had come before."""

    stored: int
    repeated: int
