"""The facts one assessment rests on, as frozen values. Nothing here knows FHIR.

Every fact carries its date and its source resource ("Observation/anc-1"), or is absent with a reason.
Absent is ``None`` or an empty tuple, never a zero and never a "normal". All instants are aware and UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class When(NamedTuple):
    """A point in time as the record gives it.

    ``exact`` is False for day precision: then ``at`` is 00:00 of ``day`` in the site's time zone.
    """

    at: datetime
    day: date
    exact: bool = True

    def is_after(self, other: "When") -> bool:
        """Later, where day precision on either side asks for a later calendar date."""
        if self.exact and other.exact:
            return self.at > other.at
        return self.day > other.day


class Matched(StrEnum):
    """How a medication was recognised, strongest first."""

    CODE = "code"
    NAME = "matched by name"
    TEXT = "text-only"


class DrugMatch(NamedTuple):
    """Which drug a resource is about, and how that was recognised (``by`` e.g. "RxNorm 72435")."""

    name: str
    matched: Matched
    by: str


class Result(NamedTuple):
    """One laboratory or bedside result, in the unit of its analyte (``codes.labs``), usable or not.

    ``unusable`` is a reason in plain words, empty for a usable result; ``pending`` results are never used.
    """

    analyte: str
    source: str
    value: Decimal | None = None
    comparator: str = ""
    when: When | None = None
    issued: datetime | None = None
    last_updated: datetime | None = None
    date_is_issued: bool = False
    specimen: str = ""
    manual: bool = False
    pending: bool = False
    unusable: str = ""
    upper_limit: Decimal | None = None
    as_sent: str = ""

    @property
    def usable(self) -> bool:
        return not self.unusable and not self.pending


class Kind(StrEnum):
    """What kind of resource speaks of a medication."""

    REQUEST = "request"
    ADMINISTRATION = "administration"
    STATEMENT = "statement"


class Dose(NamedTuple):
    """A structured dose quantity, as ordered."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Medication:
    """One MedicationRequest (or administration, or statement) that may make an exposure.

    Only resources whose intent and status can count are in a record: a reader drops the others.
    ``original`` is the resource's JSON, byte for byte, for a suggestion that updates it.
    """

    drug: DrugMatch
    source: str
    kind: Kind = Kind.REQUEST
    status: str = "active"
    authored: When | None = None
    bounds_start: When | None = None
    bounds_end: When | None = None
    validity_end: When | None = None
    status_changed: When | None = None
    last_updated: When | None = None
    has_reason: bool = False
    reason_neutropenia: bool = False
    dose: Dose | None = None
    original: bytes = b""


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry of ``draftOrders``. ``drug`` is None where it names no medication that this service knows.

    ``unidentified`` says why a named medication could not be identified at all (an unresolvable reference).
    ``ends`` is True for an entry that stops or holds an order instead of proposing one.
    """

    source: str
    drug: DrugMatch | None
    selected: bool = True
    ends: bool = False
    foreign: bool = False
    unidentified: str = ""
    original: bytes = b""


@dataclass(frozen=True, slots=True)
class Condition:
    """One recorded condition this service knows, by the names in ``codes.conditions``."""

    kinds: frozenset[str]
    source: str
    active: bool = True
    onset: When | None = None
    recorded: When | None = None
    text: str = ""


class Extent(StrEnum):
    """How much of what was asked for could be had."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNAVAILABLE = "unavailable"


class Completeness(NamedTuple):
    """How complete one prefetch key is, ``reason`` in plain words where it is not.

    ``foreign`` counts resources of other patients that were dropped.
    """

    extent: Extent = Extent.COMPLETE
    reason: str = ""
    foreign: int = 0

    @property
    def complete(self) -> bool:
        return self.extent is Extent.COMPLETE and not self.foreign

    def with_doubt(self, reason: str) -> "Completeness":
        """The same, not complete for one more reason."""
        extent = Extent.PARTIAL if self.extent is Extent.COMPLETE else self.extent
        return self._replace(extent=extent, reason=f"{self.reason}; {reason}" if self.reason else reason)


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of one patient at one hook call."""

    patient_id: str
    birth_date: date | None = None
    results: tuple[Result, ...] = ()
    medications: tuple[Medication, ...] = ()
    drafts: tuple[Draft, ...] = ()
    conditions: tuple[Condition, ...] = ()
    completeness: Mapping[str, Completeness] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def completeness_of(self, key: str) -> Completeness:
        return self.completeness.get(key, Completeness())

    @property
    def foreign(self) -> int:
        """Resources about another patient that were dropped, drafts among them."""
        return sum(each.foreign for each in self.completeness.values()) + sum(d.foreign for d in self.drafts)
