"""What is to be drawn of one patient: plain facts with their dates, sources and certainty. No coordinates, no colours.

All counts in 10*9/L. A fact without a date is in the chart too: it is told in the table, and named under the drawing.
"""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from cds_service.clinical.record import When
from cds_service.fhir.read.remarks import Certainty, Remark

UNIT, SHOWN_UNIT = "10*9/L", "\N{MULTIPLICATION SIGN}10\N{SUPERSCRIPT NINE}/L"


@dataclass(frozen=True, slots=True)
class Point:
    """One count; ``figure`` is its value as a card prints it ("0.75", "3.0"), not rounded across any limit.

    ``scale`` grades it by name ("moderate; CTCAE v5 grade 3, v6 grade 2"), "" from 1.5 on."""

    value: Decimal
    figure: str
    when: When
    sources: tuple[str, ...]
    how: str
    comparator: str = ""
    scale: str = ""
    on_drug: str = ""
    """What anakinra was doing then, in words: "on anakinra, day 4"."""
    remark: Remark = Remark()  # noqa: RUF009  a NamedTuple cannot change

    @property
    def text(self) -> str:
        """The value as a reader writes it: "0.75", "<0.5"."""
        return f"{self.comparator}{self.figure}"

    @property
    def calculated(self) -> bool:
        return self.how.startswith("calculated")


@dataclass(frozen=True, slots=True)
class Unread:
    """A result coded as a neutrophil count that is not used: not readable, or not final yet (``pending``)."""

    when: When | None
    reason: str
    source: str
    sent: str = ""
    pending: bool = False
    on_drug: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval on a drug. ``start`` or ``end`` None is not recorded; an ``open`` one has no end yet."""

    drug: str
    start: When | None
    end: When | None
    open: bool
    sources: tuple[str, ...]
    start_approximate: bool = False
    end_approximate: bool = False
    dose: str = ""
    remark: Remark = Remark()  # noqa: RUF009

    @property
    def unsure(self) -> bool:
        """Its note says that its dates, or it itself, are not simply as stated."""
        return self.remark.day_open or self.remark.certainty is not Certainty.STATED


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of an interval: ``how`` is "held" or "stopped", ``cause`` why it counts as a hold, "" if it does not."""

    drug: str
    when: When
    how: str
    cause: str
    sources: tuple[str, ...]
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One dose that was given, where the record has single doses: an arrow."""

    drug: str
    when: When
    source: str


@dataclass(frozen=True, slots=True)
class Spell:
    """One neutropenia episode: from its first low count to the first one of 1.5 or more (None: it lasts)."""

    number: int
    first: When
    last: When
    recovered: When | None
    nadir: Point
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line at a limit of the profile, and the name of its source."""

    value: Decimal
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One patient at one instant. All is in the order of time; ``lanes`` are the drugs, the important ones first.

    ``gaps`` says what of the record could not be had: a chart that looks complete must be complete.
    """

    patient: str
    now: datetime
    zone: tzinfo
    profile: str
    points: tuple[Point, ...] = ()
    unread: tuple[Unread, ...] = ()
    lanes: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    stops: tuple[Stop, ...] = ()
    given: tuple[Given, ...] = ()
    spells: tuple[Spell, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def first_dose(self) -> When | None:
        """The start of the first dated interval on anakinra: day 0."""
        return next((bar.start for bar in self.bars if bar.drug == "anakinra" and bar.start), None)
