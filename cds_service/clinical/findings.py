"""What the rules answer: a finding, clear, or not evaluated; each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Draft
from cds_service.clinical.state import Basis, State


class Answer(StrEnum):
    """The three answers of a rule."""

    FINDING = "FINDING"
    CLEAR = "CLEAR"
    NOT_EVALUATED = "NOT EVALUATED"


class Outcome(NamedTuple):
    """One line of the trace: which rule answered what, and why. ``about`` is a drug, or empty."""

    rule: str
    answer: Answer
    reason: str = ""
    about: str = ""


Fact = str | Decimal | tuple[str, ...]


class Finding(NamedTuple):
    """One card to write.

    ``row``, ``variant`` and ``code`` lead to its text; ``facts`` are the values of an overlay by placeholder name;
    ``sources`` are the resources it rests on beside the counts; ``drafts`` the orders it is about;
    ``incomplete`` names what was missing when it was found on partial data.
    """

    row: str
    code: str
    variant: str = ""
    drug: str = ""
    drafts: tuple[Draft, ...] = ()
    basis: Basis | None = None
    state: State | None = None
    continuation: bool = False
    facts: Mapping[str, Fact] = {}
    sources: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """All findings in the order of the cards, every rule's outcome, and the picture they rest on.

    ``unsaid``: what was found and becomes no card, as its advice is switched off. ``firm`` if every base row rests on a
    low count, which data that are missing cannot overturn. ``reads_all`` if a rule applies that reads more than the
    required keys: where neither drug is in use or ordered, none does.
    """

    picture: Picture
    hook: str
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    unsaid: tuple[Finding, ...] = ()
    firm: bool = False
    reads_all: bool = False
