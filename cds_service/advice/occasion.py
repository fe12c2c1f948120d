"""What all cards of one answer share: the assessment, the content and the call they answer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

from cds_service.advice.dates import instant
from cds_service.advice.library import Library
from cds_service.clinical.dosing import age_in_years
from cds_service.clinical.findings import Assessment
from cds_service.clinical.picture import Picture
from cds_service.clinical.thresholds import Thresholds

_ADULT_FROM = 18
_MAS_ROWS = frozenset({"M1", "M1b", "M2"})


@dataclass(frozen=True, slots=True)
class CardContext:
    """The call a card answers, as far as its text depends on it.

    ``hook_instance``: as sent, a UUID or not. ``mode``: "sandbox" or "production". ``profile``: "us" or "eu".
    ``zone``: the site's time zone, in which days and times are printed.
    """

    hook_instance: str
    mode: str = "sandbox"
    profile: str = "us"
    zone: tzinfo = UTC


class Occasion:
    """One answer in the making; not to be changed.

    ``picture``, ``limits``: what was judged, against what. ``now``: the time the data were judged at, "data as of".
    ``zone``: of the site. ``on_order``: the call is about orders, not about a chart that was opened.
    """

    def __init__(self, assessment: Assessment, library: Library, context: CardContext) -> None:
        self.assessment = assessment
        self.library = library
        self.context = context
        self.picture: Picture = assessment.picture
        self.now: datetime = assessment.picture.now
        self.limits: Thresholds = assessment.picture.limits
        self.zone = context.zone
        self.on_order = assessment.hook != "patient-view"

    @cached_property
    def now_iso(self) -> str:
        """ "2026-11-22T08:14:00Z", a FHIR dateTime."""
        return f"{self.now.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"

    @cached_property
    def now_words(self) -> str:
        """ "22 Nov 2026 08:14 UTC"."""
        return f"{instant(self.now, self.zone)} {self.now.astimezone(self.zone).tzname()}"

    @cached_property
    def today(self) -> date:
        """The calendar day at the site."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def age(self) -> int | None:
        """Completed years; None without a birth date."""
        return age_in_years(self.picture.record.birth_date, self.now)

    @property
    def is_child(self) -> bool | None:
        """None where no birth date is on file."""
        return None if self.age is None else self.age < _ADULT_FROM

    @cached_property
    def mas_in_question(self) -> bool:
        """A card of this answer speaks of macrophage activation syndrome."""
        return any(finding.row in _MAS_ROWS for finding in self.assessment.findings)
